package clicktide.faults;

import clicktide.deploy.Main;
import clicktide.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/** The product with a wall clock that is wrong by the seconds in a file, which may change. */
final class WrongClock {
  private WrongClock() {}

  public static void main(String[] arguments) throws Exception {
    var file = Path.of(System.getProperty("clicktide.clock"));
    var rest = Arrays.asList(arguments).subList(1, arguments.length);
    var product =
        Main.start(
            Settings.from(System.getenv(), rest), () -> Instant.now().plusSeconds(seconds(file)));
    Runtime.getRuntime().addShutdownHook(new Thread(product::close));
  }

  private static long seconds(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
