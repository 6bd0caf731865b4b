package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("O4: the product as a process")
@Timeout(180)
class RestartTest {
  @TempDir Path folder;
  private Installation here;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void install() {
    here = new Installation(folder.resolve("data with a space"));
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
    awaitNoProcess();
  }

  private Process run(Path log) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run"));
    command.addAll(here.arguments());
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private Process start() throws Exception {
    var log = folder.resolve("log" + processes.size());
    var process = run(log);
    eventually("the product is ready")
        .until(
            () -> {
              assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
              return Files.readString(log).contains("Clicktide is ready.");
            });
    return process;
  }

  private boolean isRunning() {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains(here.data.toString()))
                    .isPresent());
  }

  private void awaitNoProcess() {
    eventually("no process uses the data folder").until(() -> !isRunning());
  }

  private void awaitClicks(int count) {
    for (var bucket : List.of("minute", "hour")) {
      eventually("%d clicks by %s".formatted(count, bucket))
          .until(() -> clicks("kept", bucket) >= count);
    }
  }

  private int clicks(String code, String bucket) throws Exception {
    var query =
        "/v1/links/%s/analytics?interval=%s&bucket=%s"
            .formatted(code, bucket.equals("minute") ? "1h" : "24h", bucket);
    var body = here.api(here.key("owner"), "GET", query, "").body();
    return Integer.parseInt(body.replaceFirst("(?s).*\"clicks\":\\{\"total\":(\\d+).*", "$1"));
  }

  @Test
  @DisplayName("after kill -9 no process is left; the next start has every counted click")
  void killedAndStartedAgain() throws Exception {
    var first = start();
    var made =
        here.api(
            here.key("owner"),
            "POST",
            "/v1/links",
            "{\"destination\":\"https://example.com/\",\"code\":\"kept\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    for (var i = 0; i < 20; i++) {
      assertThat(here.follow("kept").statusCode()).isEqualTo(302);
    }
    awaitClicks(20);

    first.destroyForcibly().waitFor();
    awaitNoProcess();
    var second = start();

    assertThat(here.follow("kept").statusCode()).isEqualTo(302);
    awaitClicks(21);
    assertThat(clicks("kept", "minute")).isEqualTo(21);

    var third = run(folder.resolve("third"));
    assertThat(third.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("third"))).contains("in use by another Clicktide");

    second.destroy();
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(isRunning()).isFalse();
  }

  @Test
  @DisplayName("a port that is in use is an error in one sentence, before any server starts")
  void aTakenPortIsAnError() throws Exception {
    var log = folder.resolve("taken");
    try (var _ = new ServerSocket(here.apiPort, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run(log).waitFor()).isEqualTo(1);
    }
    assertThat(Files.readString(log))
        .contains(Integer.toString(here.apiPort))
        .contains("--api-port");
    assertThat(Files.exists(here.data.resolve("postgres"))).isFalse();
  }
}
