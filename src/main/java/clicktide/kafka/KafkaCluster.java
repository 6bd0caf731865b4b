package clicktide.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * A Kafka cluster: the properties with which every client reaches it, such as its addresses, its
 * encryption and a login. They have the names of Kafka's clients.
 */
public record KafkaCluster(Map<String, String> properties) {
  private static final String ADDRESSES = "bootstrap.servers";

  public KafkaCluster {
    properties = Map.copyOf(properties);
  }

  /** A login with SASL. The mechanism is {@code PLAIN} or one of SCRAM. */
  public record KafkaLogin(String mechanism, String user, String password) {
    private String jaas() {
      var module = mechanism.equals("PLAIN") ? PlainLoginModule.class : ScramLoginModule.class;
      return "%s required username=\"%s\" password=\"%s\";"
          .formatted(module.getName(), escaped(user), escaped(password));
    }

    private static String escaped(String text) {
      return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Returns a text without secrets. */
    @Override
    public String toString() {
      return "KafkaLogin[%s, %s]".formatted(mechanism, user);
    }
  }

  /**
   * Returns the cluster at these addresses, {@code host:port} separated by commas. {@code ca} is a
   * PEM file with the certificates of the authorities; empty stands for those of the JDK.
   */
  public static KafkaCluster at(
      String addresses, String protocol, Optional<KafkaLogin> login, Optional<Path> ca) {
    var properties = new HashMap<String, String>();
    properties.put(ADDRESSES, addresses);
    properties.put("security.protocol", protocol);
    login.ifPresent(
        found -> {
          properties.put("sasl.mechanism", found.mechanism());
          properties.put("sasl.jaas.config", found.jaas());
        });
    ca.ifPresent(
        file -> {
          properties.put("ssl.truststore.type", "PEM");
          properties.put("ssl.truststore.location", file.toString());
        });
    return new KafkaCluster(properties);
  }

  /** Returns the addresses, {@code host:port} separated by commas. */
  public String addresses() {
    return properties.get(ADDRESSES);
  }

  /** Returns the properties of a client that has properties of its own. */
  public Map<String, Object> client(Map<String, String> own) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putAll(own);
    return all;
  }

  /** Returns a text without secrets. */
  @Override
  public String toString() {
    return "KafkaCluster[%s]".formatted(addresses());
  }
}
