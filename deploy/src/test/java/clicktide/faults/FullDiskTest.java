package clicktide.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("G16: the disk of all servers is full")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(300)
class FullDiskTest extends FaultSuite {
  private Path disk;
  private boolean isMounted;

  @Override
  @BeforeAll
  void open(@TempDir Path place) throws Exception {
    disk = Files.createDirectories(place.resolve("servers"));
    isMounted = Rig.runs("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", disk.toString());
    super.open(place);
  }

  @Override
  @AfterAll
  void close() throws Exception {
    super.close();
    if (isMounted) {
      Rig.runs("umount", "-l", disk.toString());
    }
  }

  @Test
  @DisplayName("X14: Kafka, Redis and PostgreSQL cannot write for 15 s")
  void theServersCannotWrite() throws Exception {
    if (!isMounted) {
      FaultTable.notRun("X14 full disk under the servers");
      return;
    }
    under(
        "X14 disk of Kafka, Redis and PostgreSQL full for 15 s",
        () -> {
          var filler = disk.resolve("filler");
          fill(filler);
          pause(15);
          Files.delete(filler);
          pause(5);
          return 0;
        });
  }

  private static void fill(Path filler) throws IOException {
    var part = new byte[1 << 20];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(part);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space")) {
        throw full;
      }
    }
  }
}
