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
 * A server as a child process. It is tied to this JVM by a pipe (see {@code tether.sh}), so it ends
 * when the JVM does, and it is started again when it dies alone.
 */
final class Child implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Child.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Server server;
  private volatile Process process;
  private volatile boolean closing;
  private volatile Thread watcher;

  private Child(Server server) {
    this.server = server;
  }

  /** Returns when the server answers; throws with the end of its log when it does not. */
  static Child start(Server server) {
    var child = new Child(server);
    try {
      child.endStaleOnes();
      server.prepare();
      child.launch();
      child.awaitAnswer();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded %s cannot start".formatted(server.name()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting " + server.name(), e);
    } catch (RuntimeException e) {
      child.close();
      throw e;
    }
    child.watcher = Thread.ofPlatform().daemon().name("watch-" + server.name()).start(child::watch);
    return child;
  }

  private void endStaleOnes() throws InterruptedException {
    var stale = ProcessHandle.allProcesses().filter(server::owns).toList();
    var heads = stale.stream().filter(handle -> handle.parent().filter(server::owns).isEmpty());
    for (var handle : heads.toList()) { // their own children end with them
      log.warn("A stale {} (process {}) is ended first", server.name(), handle.pid());
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
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!server.answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The embedded %s did not start; the end of %s says: %s"
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
        letGo(); // what is left of its tether ends, and the server with it
        TimeUnit.MILLISECONDS.sleep(pause);
        endStaleOnes();
        server.prepare();
        launch();
        awaitAnswer();
        log.info("The embedded {} answers again", server.name());
        pause = 200;
      } catch (IOException | IllegalStateException e) {
        log.error("The embedded {} cannot be started again yet", server.name(), e);
        letGo();
        pause = Math.min(5_000, pause * 2);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** A tether ends its server when its pipe is closed; it does not mind signals. */
  private void letGo() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      log.debug("The pipe to the embedded {} was closed already", server.name(), e);
    }
  }

  /** Ends the server in an orderly way. */
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
      letGo();
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
