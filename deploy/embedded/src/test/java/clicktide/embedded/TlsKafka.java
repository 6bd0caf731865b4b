package clicktide.embedded;

import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A Kafka with TLS and a login, in this JVM. */
public final class TlsKafka implements AutoCloseable {
  private final KafkaRaftServer server;
  private final String address;
  private final String password;

  private TlsKafka(KafkaRaftServer server, String address, String password) {
    this.server = server;
    this.address = address;
    this.password = password;
  }

  public static TlsKafka start(Path data, TestCertificates certificates) throws Exception {
    var folder = data.resolve("kafka");
    var port = Integer.toString(Ports.any());
    KafkaNode.format(folder, 1, Uuid.randomUuid());
    var properties = KafkaNode.properties(folder, port, Integer.toString(Ports.any()));
    properties.setProperty(
        "listener.security.protocol.map", "BROKER:SASL_SSL,CONTROLLER:SASL_PLAINTEXT");
    properties.putAll(
        Map.of(
            "ssl.keystore.location",
            certificates.keyStore().toString(),
            "ssl.keystore.password",
            TestCertificates.PASSWORD,
            "ssl.truststore.location",
            certificates.authorities().toString(),
            "ssl.truststore.type",
            "PEM"));
    var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    server.startup();
    return new TlsKafka(server, "127.0.0.1:" + port, Secret.in(KafkaNode.passwordFile(folder)));
  }

  /** Returns the settings with which the product reaches this Kafka. */
  public Map<String, String> settings(Path authorities) {
    return Map.of(
        "CLICKTIDE_KAFKA",
        address,
        "CLICKTIDE_KAFKA_SECURITY",
        "SASL_SSL",
        "CLICKTIDE_KAFKA_SASL_MECHANISM",
        "PLAIN",
        "CLICKTIDE_KAFKA_USER",
        "clicktide",
        "CLICKTIDE_KAFKA_PASSWORD",
        password,
        "CLICKTIDE_KAFKA_CA",
        authorities.toString());
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
