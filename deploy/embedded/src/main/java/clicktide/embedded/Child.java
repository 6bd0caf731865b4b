package clicktide.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server as a child process. A pipe ties it to this JVM (see {@code tether.sh}), so the server
 * ends with the JVM. If the server ends alone, it is started again.
 */
final class Child implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Child.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final Server server;
  private volatile Process process;
  private volatile boolean closing;
  private volatile Thread watcher;

  private Child(Server server) {
    this.server = server;
  }

  /** Starts a server and returns when it answers. Throws with the end of its log after 60 s. */
  static Child start(Server server) {
    return fork(server).awaitStart();
  }

  /** Creates the process of a server, which does not answer yet. */
  static Child fork(Server server) {
    var child = new Child(server);
    child.attempt(
        () -> {
          child.endStaleProcesses();
          server.prepare();
          child.launch();
        });
    return child;
  }

  /** Returns when the server answers. Throws with the end of its log after 60 s. */
  Child awaitStart() {
    attempt(this::awaitAnswer);
    watcher = Thread.ofPlatform().daemon().name("watch-" + server.name()).start(this::watch);
    return this;
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded %s cannot start".formatted(server.name()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while starting " + server.name(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void endStaleProcesses() throws InterruptedException {
    var stale = ProcessHandle.allProcesses().filter(server::owns).toList();
    var heads = stale.stream().filter(handle -> handle.parent().filter(server::owns).isEmpty());
    for (var handle : heads.toList()) { // their children end with them
      log.warn("A stale {} is ended first: process {}", server.name(), handle.pid());
      handle.destroy();
    }
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (stale.stream().anyMatch(server::owns)) { // a zombie has no command, so it is not owned
      if (System.nanoTime() > deadline) {
        stale.forEach(ProcessHandle::destroyForcibly);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void launch() throws IOException {
    Files.createDirectories(server.log().getParent());
    var command = new ArrayList<>(List.of("sh", "-c", tether(), "tether", server.stopSignal()));
    command.addAll(server.command());
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(server.log().toFile()))
            .start();
  }

  private void awaitAnswer() throws InterruptedException, IOException {
    var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!server.answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The embedded %s did not start. The end of %s: %s"
                .formatted(server.name(), server.log(), endOfLog()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String endOfLog() throws IOException {
    var lines = Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }

  private void watch() {
    var pause = 200L;
    while (!closing) {
      try {
        var code = process.waitFor();
        if (closing) {
          return;
        }
        log.warn("The embedded {} ended with code {} and is started again", server.name(), code);
        closePipe(); // ends the tether and its server
        TimeUnit.MILLISECONDS.sleep(pause);
        endStaleProcesses();
        server.prepare();
        launch();
        awaitAnswer();
        log.info("The embedded {} answers again", server.name());
        pause = 200;
      } catch (IOException | IllegalStateException e) {
        log.error("The embedded {} cannot be started again yet", server.name(), e);
        closePipe();
        pause = Math.min(5_000, pause * 2);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** Closes the pipe, so that the tether ends its server. The tether ignores signals. */
  private void closePipe() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      log.debug("The pipe to the embedded {} was closed already", server.name(), e);
    }
  }

  /** Ends the server by its stop signal, after 15 s by force. */
  @Override
  public void close() {
    closing = true;
    if (watcher != null) {
      watcher.interrupt();
    }
    if (process == null) {
      return;
    }
    try {
      closePipe();
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tether() throws IOException {
    try (InputStream script = Child.class.getResourceAsStream("tether.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
