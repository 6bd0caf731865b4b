package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("O4: the first start and the end of the product")
@Timeout(120)
class FirstStartTest {
  @TempDir Path data;

  @Test
  @DisplayName("keys that only the user can read and a working link are created; no thread is left")
  void firstStart() throws Exception {
    var here = new Installation(data);
    var group = new ThreadGroup("product of the test"); // threads inherit it
    var start = new FutureTask<>(() -> Main.start(here.settings(), Clock.systemUTC()));
    new Thread(group, start, "start").start();
    var product = start.get();
    try {
      assertThat(workers(group))
          .anyMatch(name -> name.startsWith("follow-"))
          .anyMatch(name -> name.startsWith("vert.x-eventloop"))
          .anyMatch(name -> name.startsWith("watch-"));
      hasKeysAndALink(here);
    } finally {
      product.close();
    }
    assertThat(workers(group)).isEmpty();
  }

  private void hasKeysAndALink(Installation here) throws Exception {
    for (var name : List.of("admin.key", "owner.key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
          .isEqualTo("rw-------");
      assertThat(Files.readAllLines(data.resolve(name))).hasSize(1);
    }
    eventually("every part has been checked and works")
        .until(() -> here.management("/health/ready").body().contains("\"ok\""));
    assertThat(here.management("/metrics").body()).contains("clicks_dropped_total");
    var links = here.api(here.key("owner"), "GET", "/v1/links?limit=200", "");
    var all = RunningProduct.read(links).path("links");
    assertThat(all).isNotEmpty();
    var first = all.get(all.size() - 1).path("code").textValue();
    assertThat(here.follow(first).statusCode()).isEqualTo(302);
  }

  /** The names of the product's own threads that run. */
  private static Stream<String> workers(ThreadGroup group) {
    var threads = new Thread[1_000];
    var count = group.enumerate(threads);
    return Arrays.stream(threads, 0, count)
        .map(Thread::getName)
        .filter(
            name ->
                name.startsWith("follow-")
                    || name.startsWith("vert.x-eventloop")
                    || name.startsWith("watch-"));
  }
}
