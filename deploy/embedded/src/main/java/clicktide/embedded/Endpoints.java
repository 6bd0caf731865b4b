package clicktide.embedded;

import java.util.Map;

/**
 * The addresses of the servers with passwords: the properties of a Kafka client, {@code
 * redis://:password@host:port} and {@code postgresql://user:password@host:port/database}. All are
 * empty for a server that was not started.
 */
public record Endpoints(Map<String, String> kafka, String redis, String postgres) {}
