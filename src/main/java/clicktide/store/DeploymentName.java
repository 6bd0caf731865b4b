package clicktide.store;

/**
 * The name of a deployment, with which its topics, consumer groups and Redis keys begin. So several
 * deployments can share one Kafka and one Redis. An empty text adds nothing.
 */
public record DeploymentName(String text) {
  /** The deployment without a name. */
  public static final DeploymentName NONE = new DeploymentName("");

  /** Returns the full name of a topic, a consumer group or a key. */
  public String prefixed(String name) {
    return text.isEmpty() ? name : text + "." + name; // no name has a dot, so prefixes differ
  }
}
