package clicktide.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * An upgrade under load. {@code -Dprevious} names the folder of the previous version's sources, in
 * which it was built (docs/operation.md, "Upgrades").
 */
@DisplayName("Exact counts under faults: an upgrade")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(1_800)
class UpgradeFaultsTest extends LightFaultSuite {
  private static final String PREVIOUS = System.getProperty("clicktide.previous", "");
  private static final String CURRENT = System.getProperty("java.class.path");
  private static final String UPGRADE = "O1 upgrade node by node from the previous version";

  @Override
  @BeforeAll
  void open(@TempDir Path place) throws Exception {
    if (PREVIOUS.isEmpty()) {
      FaultTable.notRun(UPGRADE, "-Dprevious=FOLDER with a build of the previous version");
    } else {
      super.open(place);
    }
  }

  @Override
  UnaryOperator<ProductProcess> jvm() {
    return process -> process.classPath(previous());
  }

  private static String previous() {
    var target =
        Path.of(System.getProperty("clicktide.root")).resolve(PREVIOUS).resolve("deploy/target");
    assertThat(Files.isDirectory(target.resolve("lib"))).as(target + " has a build").isTrue();
    return "%s/*:%s/lib/*".formatted(target, target);
  }

  @Test
  @DisplayName("O1: processes of the previous version and of this one share the stores")
  void upgrade() throws Exception {
    if (PREVIOUS.isEmpty()) {
      return; // the table says so
    }
    rig.second.classPath(previous()).start();
    under(
        UPGRADE,
        () -> {
          var job = new ProductProcess(folder, "job", rig.environment);
          assertThat(job.migrate()).as("the migration, see " + job.log()).isZero();
          pause(3);
          replace(rig.back);
          pause(5);
          replace(rig.front);
          pause(5);
          rig.second.close();
          rig.second.start(); // the previous version again, on migrated tables
          pause(5);
          note = "%.0f restarts of the previous follower".formatted(restarts(rig.second));
          replace(rig.second);
          pause(3);
          return 0;
        });
    rig.second.close();
  }

  /** Stops a process of the previous version in order, and starts this version on its folder. */
  private static void replace(ProductProcess process) throws Exception {
    process.close();
    process.with("CLICKTIDE_MIGRATE", "false").classPath(CURRENT).start();
  }

  private static double restarts(ProductProcess process) throws InterruptedException {
    return process.metric("follower_restarts_total");
  }
}
