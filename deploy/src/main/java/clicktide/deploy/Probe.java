package clicktide.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** The health check of the container image, which has no curl. It exits with 0 after a 200. */
public final class Probe {
  private Probe() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
      System.exit(client.send(request, BodyHandlers.discarding()).statusCode() == 200 ? 0 : 1);
    }
  }
}
