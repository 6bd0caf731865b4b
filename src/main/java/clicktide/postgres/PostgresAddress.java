package clicktide.postgres;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The address of PostgreSQL: {@code postgresql://user:password@host:port,host:port/database}, with
 * the parameters {@code sslmode} and {@code sslrootcert} of libpq. One of several hosts is the
 * primary.
 */
record PostgresAddress(
    List<ServerHost> hosts,
    String database,
    String user,
    String password,
    Encryption encryption,
    Optional<Path> authorities) {
  private static final Pattern HOST = Pattern.compile("([^:\\[\\]]+|\\[[^\\[\\]]+])(?::(\\d+))?");
  private static final int DEFAULT_PORT = 5432;

  /** A host with its port. */
  record ServerHost(String name, int port) {
    private static ServerHost of(String text) {
      var parts = HOST.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException("The address must name a host");
      }
      var port = parts.group(2) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(2));
      return new ServerHost(parts.group(1), port);
    }
  }

  /** The values of {@code sslmode} that leave no choice to the server. */
  enum Encryption {
    DISABLE,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    private static Encryption of(String text) {
      return Arrays.stream(values())
          .filter(one -> one.text().equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("`sslmode` must be a known mode"));
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns true if an authority must have signed the certificate of the server. */
    boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }
  }

  /** Reads an address. Throws {@link IllegalArgumentException} with a message without secrets. */
  static PostgresAddress of(URI uri) {
    var authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    var at = authority.lastIndexOf('@');
    var login = authority.substring(0, Math.max(0, at)).split(":", 2);
    var hosts = authority.substring(at + 1).split(",", -1);
    var path = Optional.ofNullable(uri.getPath()).orElse("");
    var parameters = parameters(uri);
    var mode = Encryption.of(parameters.getOrDefault("sslmode", "disable"));
    var authorities = Optional.ofNullable(parameters.get("sslrootcert")).map(Path::of);
    if (authorities.filter(Files::isReadable).isPresent()
        ? mode == Encryption.DISABLE
        : authorities.isPresent() || mode.verifies()) {
      throw new IllegalArgumentException("`sslrootcert` must be a readable file with an `sslmode`");
    }
    return new PostgresAddress(
        Arrays.stream(hosts).map(ServerHost::of).toList(),
        path.length() > 1 ? path.substring(1) : "postgres",
        decoded(login[0]),
        login.length < 2 ? "" : decoded(login[1]),
        // as in libpq, authorities that are named are used
        mode == Encryption.REQUIRE && authorities.isPresent() ? Encryption.VERIFY_CA : mode,
        authorities);
  }

  private static Map<String, String> parameters(URI uri) {
    var parameters = new HashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (var part : uri.getRawQuery().split("&", -1)) {
        var pair = part.split("=", 2);
        if (pair.length < 2 || !List.of("sslmode", "sslrootcert").contains(pair[0])) {
          throw new IllegalArgumentException("A parameter must be `sslmode` or `sslrootcert`");
        }
        parameters.put(pair[0], decoded(pair[1]));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Returns the URL for JDBC, without the login. */
  String jdbcUrl() {
    var parameters = new HashMap<String, String>();
    parameters.put("sslmode", encryption.text());
    authorities.ifPresent(file -> parameters.put("sslrootcert", file.toString()));
    if (hosts.size() > 1) {
      parameters.put("targetServerType", "primary");
      parameters.put("hostRecheckSeconds", "0"); // a failover is noticed at once
    }
    return "jdbc:postgresql://%s/%s?%s"
        .formatted(
            joined(hosts.stream().map(host -> host.name + ":" + host.port).toList(), ","),
            database,
            joined(
                parameters.entrySet().stream()
                    .map(one -> one.getKey() + "=" + encoded(one.getValue()))
                    .toList(),
                "&"));
  }

  private static String joined(List<String> texts, String separator) {
    return texts.stream().collect(Collectors.joining(separator));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Returns a text without the password. */
  @Override
  public String toString() {
    return "PostgresAddress%s".formatted(hosts);
  }
}
