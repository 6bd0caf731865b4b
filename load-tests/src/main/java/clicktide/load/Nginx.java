package clicktide.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * nginx as a redirector for comparison: a {@code map} of the same links, and an access log with the
 * same facts that is written in blocks. It has as many workers as there are processors.
 */
final class Nginx implements AutoCloseable {
  final int port = StartedProduct.freePort();
  private final Path folder = Files.createTempDirectory("clicktide-nginx");
  private final Process process;

  Nginx(int links) throws IOException, InterruptedException {
    try (var map = Files.newBufferedWriter(folder.resolve("links"))) {
      for (var link = 0; link < links; link++) {
        write(map, link);
      }
    }
    var configuration =
        """
        daemon off;
        worker_processes auto;
        pid %1$s/pid;
        error_log %1$s/errors;
        events { worker_connections 1024; }
        http {
          map_hash_max_size 4194304;
          map_hash_bucket_size 128;
          client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
          uwsgi_temp_path %1$s; scgi_temp_path %1$s;
          keepalive_requests 100000000;
          map $uri $target { default ""; include %1$s/links; }
          log_format click '$msec $uri $status $remote_addr $http_x_forwarded_for "$http_user_agent" "$http_referer" $http_host';
          access_log %1$s/clicks click buffer=256k flush=1s;
          server {
            listen 127.0.0.1:%2$d;
            location / {
              if ($target = "") { return 404; }
              return 302 $target;
            }
          }
        }
        """
            .formatted(folder, port);
    Files.writeString(folder.resolve("nginx.conf"), configuration);
    process =
        new ProcessBuilder("nginx", "-c", folder.resolve("nginx.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // after Ctrl-C
    awaitPort();
  }

  private static void write(BufferedWriter map, int link) throws IOException {
    map.write("/%s %s;%n".formatted(Traffic.code(link), BenchLinks.destination(link)));
  }

  private void awaitPort() throws IOException, InterruptedException {
    for (var tries = 0; tries < 300; tries++) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve("output")));
      }
      try (var _ = new RawConnection("127.0.0.1", port)) {
        return;
      } catch (IOException _) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IOException("nginx does not listen");
  }

  List<ProcessHandle> processes() {
    return Children.all(process);
  }

  @Override
  public void close() throws IOException {
    Children.stop(process);
    Children.delete(folder);
  }
}
