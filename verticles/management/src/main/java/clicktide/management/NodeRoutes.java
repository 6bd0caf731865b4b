package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.NodeRegistry;
import clicktide.store.NodeRegistry.RegisteredNode;
import java.util.List;
import java.util.regex.Pattern;

/** The routes of nodes, for the administrator. A node has the id that warnings of answers name. */
final class NodeRoutes {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{1,16}");

  private final NodeRegistry nodes;

  NodeRoutes(NodeRegistry nodes) {
    this.nodes = nodes;
  }

  /** A node as the API shows it. */
  record NodeView(
      String nodeId,
      List<String> roles,
      String version,
      String host,
      String startedAt,
      String lastHeartbeat,
      String state) {
    private static NodeView of(RegisteredNode node) {
      var profile = node.profile();
      return new NodeView(
          Long.toHexString(profile.id()),
          profile.roles(),
          profile.version(),
          profile.host(),
          node.startedAt().toString(),
          node.heartbeatAt().toString(),
          node.isSilent() ? "silent" : "running");
    }
  }

  /** All nodes. */
  record NodeList(List<NodeView> nodes) {}

  ApiResponse list(ApiRequest call) {
    var found = Await.on(nodes.list());
    return ApiResponse.ok(new NodeList(found.stream().map(NodeView::of).toList()));
  }

  ApiResponse remove(ApiRequest call) {
    var id = call.path("nodeId");
    if (!ID.matcher(id).matches()) {
      throw Problem.notFound("node").raised();
    }
    return switch (Await.on(nodes.remove(Long.parseUnsignedLong(id, 16), call.actor()))) {
      case REMOVED -> ApiResponse.noContent();
      case RUNNING ->
          throw Problem.conflict("node_running", "A node that sends heartbeats cannot be removed.")
              .raised();
      case UNKNOWN -> throw Problem.notFound("node").raised();
    };
  }
}
