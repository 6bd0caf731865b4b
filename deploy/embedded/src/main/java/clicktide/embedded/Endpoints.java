package clicktide.embedded;

/**
 * The addresses of the servers with passwords: {@code host:port}, {@code
 * redis://:password@host:port} and {@code postgresql://user:password@host:port/database}.
 */
public record Endpoints(String kafka, String redis, String postgres) {}
