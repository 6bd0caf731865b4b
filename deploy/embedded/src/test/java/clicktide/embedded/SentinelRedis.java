package clicktide.embedded;

import static clicktide.embedded.RedisProcesses.eventually;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Redis master with a replica, and three sentinels. They promote the replica when the master has
 * not answered for a second.
 */
public final class SentinelRedis implements AutoCloseable {
  private static final String NAME = "live";
  private static final Pattern PORT = Pattern.compile("\\$\\d+\r\n(\\d+)\r\n$");

  private final RedisProcesses processes = new RedisProcesses();
  private final List<Integer> sentinels;

  /** Starts all five and returns when the sentinels know each other and the replica is complete. */
  public SentinelRedis() throws IOException {
    var master = processes.start(server());
    var replica = processes.start(server());
    RedisProcesses.ask(replica, "REPLICAOF 127.0.0.1 " + master);
    awaitReplica(master);
    sentinels = List.of(sentinel(master), sentinel(master), sentinel(master));
    for (var sentinel : sentinels) {
      eventually("the sentinels know each other")
          .until(
              () -> RedisProcesses.ask(sentinel, "INFO sentinel"),
              answer -> answer.contains("slaves=1,sentinels=3"));
    }
  }

  private static List<String> server() {
    return List.of(
        "masterauth " + RedisProcesses.PASSWORD,
        "appendonly yes",
        "save \"\"",
        "repl-diskless-sync-delay 0");
  }

  private int sentinel(int master) throws IOException {
    return processes.start(
        List.of(
            "sentinel monitor %s 127.0.0.1 %d 2".formatted(NAME, master),
            "sentinel auth-pass %s %s".formatted(NAME, RedisProcesses.PASSWORD),
            "sentinel sentinel-pass " + RedisProcesses.PASSWORD,
            "sentinel down-after-milliseconds %s 1000".formatted(NAME),
            "sentinel failover-timeout %s 4000".formatted(NAME)),
        "--sentinel");
  }

  /** Returns the address for the setting. */
  public String uri() {
    return "redis://:%s@%s?master=%s"
        .formatted(
            RedisProcesses.PASSWORD,
            sentinels.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
            NAME);
  }

  /** Returns the port of the server that every sentinel calls the master; empty if they differ. */
  public Optional<Integer> master() {
    var ports =
        sentinels.stream()
            .map(one -> RedisProcesses.ask(one, "SENTINEL get-master-addr-by-name " + NAME))
            .map(PORT::matcher)
            .map(found -> found.find() ? Integer.valueOf(found.group(1)) : 0)
            .distinct()
            .toList();
    return ports.size() == 1 ? Optional.of(ports.getFirst()) : Optional.empty();
  }

  /** Waits until another server is the master, and returns its port. */
  public int awaitOtherMaster(int than) {
    return eventually("the sentinels have promoted the replica")
        .until(this::master, now -> now.filter(port -> port != than).isPresent())
        .orElseThrow();
  }

  /** Waits until a server has a replica that is complete. */
  public void awaitReplica(int of) {
    eventually("the replica is complete")
        .until(
            () -> RedisProcesses.ask(of, "INFO replication"), one -> one.contains("state=online"));
  }

  /** Returns the process of a server. */
  public ProcessHandle process(int port) {
    return processes.process(port);
  }

  /** Suspends a server, which keeps its connections and does not answer. */
  public void hang(int port) throws IOException, InterruptedException {
    var process = Long.toString(processes.process(port).pid());
    new ProcessBuilder("kill", "-s", "STOP", process).start().waitFor();
  }

  /** Starts a server again that was killed. */
  public void start(int port) throws IOException {
    processes.start(port);
  }

  @Override
  public void close() {
    processes.close();
  }
}
