package clicktide.embedded;

import static clicktide.embedded.RedisProcesses.eventually;

import java.io.IOException;
import java.util.List;

/** A Redis cluster of three masters. */
public final class ClusterRedis implements AutoCloseable {
  private static final List<String> SLOTS = List.of("0 5460", "5461 10922", "10923 16383");

  private final RedisProcesses processes = new RedisProcesses();
  private final List<Node> nodes = List.of(node(), node(), node());

  /** Starts the nodes and returns when each of them knows who has which slots. */
  public ClusterRedis() throws IOException {
    var first = nodes.getFirst();
    for (var i = 0; i < nodes.size(); i++) {
      var port = nodes.get(i).port();
      RedisProcesses.ask(port, "CLUSTER ADDSLOTSRANGE " + SLOTS.get(i));
      RedisProcesses.ask(port, "CLUSTER MEET 127.0.0.1 %d %d".formatted(first.port(), first.bus()));
    }
    for (var node : nodes) {
      eventually("the cluster is complete")
          .until(
              () -> RedisProcesses.ask(node.port(), "CLUSTER INFO"),
              answer ->
                  answer.contains("cluster_state:ok") && answer.contains("cluster_known_nodes:3"));
    }
  }

  /** A node: the port of its clients and the port of the other nodes. */
  private record Node(int port, int bus) {}

  private Node node() throws IOException {
    var bus = Ports.any();
    var port = processes.start(List.of("cluster-enabled yes", "cluster-port " + bus, "save \"\""));
    return new Node(port, bus);
  }

  /** Returns the address for the setting, with one of the nodes. */
  public String uri() {
    return "redis://:%s@127.0.0.1:%d?cluster=true"
        .formatted(RedisProcesses.PASSWORD, nodes.getFirst().port());
  }

  @Override
  public void close() {
    processes.close();
  }
}
