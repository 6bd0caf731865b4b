package clicktide.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * Real Kafka, Redis and PostgreSQL on one host (O4), each a child process that is started again if
 * it ends. The caller must own the data folder exclusively.
 */
public final class EmbeddedServers implements AutoCloseable {
  /** The servers that can be embedded. */
  public enum Kind {
    KAFKA,
    REDIS,
    POSTGRES
  }

  private final List<Child> children;
  private final Endpoints endpoints;

  private EmbeddedServers(List<Child> children, Endpoints endpoints) {
    this.children = children;
    this.endpoints = endpoints;
  }

  /**
   * Starts the wanted kinds in parallel and returns when all answer. Others have empty addresses.
   * The options are those of PostgreSQL, each {@code name=value}.
   */
  public static EmbeddedServers start(Path data, Set<Kind> wanted, String... postgresOptions) {
    var children = new ArrayList<CompletableFuture<Child>>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var folder = Files.createDirectories(data).toRealPath();
      Map<String, String> kafka = Map.of();
      String redis = "";
      String postgres = "";
      if (wanted.contains(Kind.KAFKA)) {
        var server = new KafkaServer(folder, Ports.any(), Ports.any());
        kafka = server.client();
        var child = Child.fork(server); // starts while the other programs are unpacked
        children.add(CompletableFuture.supplyAsync(child::awaitStart, threads));
      }
      var servers = new ArrayList<Server>();
      if (wanted.contains(Kind.REDIS)) {
        var server = new RedisServer(folder, Ports.any());
        redis = server.uri();
        servers.add(server);
      }
      if (wanted.contains(Kind.POSTGRES)) {
        var server =
            new PostgresServer(
                folder, Binaries.postgres(folder.resolve("bin")), Ports.any(), postgresOptions);
        postgres = server.uri();
        servers.add(server);
      }
      // No fork while a program is unpacked: the child would inherit a program that is open for
      // writing, and the program could not be executed.
      for (var server : servers) {
        children.add(CompletableFuture.supplyAsync(() -> Child.start(server), threads));
      }
      return new EmbeddedServers(
          children.stream().map(CompletableFuture::join).toList(),
          new Endpoints(kafka, redis, postgres));
    } catch (IOException e) {
      closeAll(children);
      throw new UncheckedIOException("The data folder %s cannot be written".formatted(data), e);
    } catch (CompletionException e) {
      closeAll(children);
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Returns the address of the PostgreSQL that another process runs in a data folder. */
  public static Optional<String> runningPostgres(Path data) throws IOException {
    return PostgresServer.running(data);
  }

  private static void closeAll(List<CompletableFuture<Child>> children) {
    children.stream()
        .filter(child -> !child.isCompletedExceptionally())
        .forEach(child -> child.join().close());
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /** Ends all servers in parallel. */
  @Override
  public void close() {
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      children.forEach(child -> threads.execute(child::close));
    }
  }
}
