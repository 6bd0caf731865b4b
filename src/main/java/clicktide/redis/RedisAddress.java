package clicktide.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of Redis, {@code redis://[user:password@]host:port[/database]}, or {@code rediss}
 * with TLS. With {@code ?master=NAME} the hosts are sentinels, which name the master. With {@code
 * ?cluster=true} they are nodes of a cluster. {@code authorities} is a PEM file with the
 * certificates of the authorities; empty stands for those of the JDK.
 */
public record RedisAddress(URI uri, Optional<Path> authorities) {
  private static final Pattern HOST = Pattern.compile("([^:\\[\\]]+|\\[[^\\[\\]]+])(:\\d{1,5})?");
  private static final Pattern DATABASE = Pattern.compile("(/\\d{0,4})?");
  private static final int HIGHEST_PORT = 65_535;
  private static final int REDIS_PORT = 6_379;
  private static final int SENTINEL_PORT = 26_379;

  /** Throws {@link IllegalArgumentException} with the end of a sentence about the address. */
  public RedisAddress {
    var parameters = parameters(uri);
    var isCluster = parameters.containsKey("cluster");
    var hosts = hosts(uri);
    require(
        hosts.stream().allMatch(RedisAddress::isHost),
        "must name each host as `host` or `host:port`");
    require(
        List.of("master", "cluster").containsAll(parameters.keySet()),
        "cannot have other parameters than `master` and `cluster`");
    require(parameters.size() < 2, "cannot have both `master` and `cluster`");
    require(!parameters.getOrDefault("master", "?").isBlank(), "must name the master in `master`");
    require(
        !isCluster || parameters.get("cluster").equals("true"),
        "must have `cluster=true` or no `cluster`");
    require(
        hosts.size() == 1 || !parameters.isEmpty(),
        "must have `master` or `cluster` with several hosts");
    require(DATABASE.matcher(path(uri)).matches(), "must have a number as database");
    require(!isCluster || path(uri).length() < 2, "cannot have a database with `cluster`");
  }

  private static void require(boolean isTrue, String mistake) {
    if (!isTrue) {
      throw new IllegalArgumentException(mistake);
    }
  }

  private static List<String> hosts(URI uri) {
    var authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    return List.of(authority.substring(authority.lastIndexOf('@') + 1).split(",", -1));
  }

  private static boolean isHost(String text) {
    var parts = HOST.matcher(text);
    return parts.matches()
        && (parts.group(2) == null
            || Integer.parseInt(parts.group(2).substring(1)) <= HIGHEST_PORT);
  }

  private static String path(URI uri) {
    return Optional.ofNullable(uri.getPath()).orElse("");
  }

  private static Map<String, String> parameters(URI uri) {
    var parameters = new HashMap<String, String>();
    Optional.ofNullable(uri.getRawQuery()).stream()
        .flatMap(query -> Arrays.stream(query.split("&", -1)))
        .map(part -> (part + "=").split("=", -1))
        .forEach(pair -> parameters.put(pair[0], decoded(pair[1])));
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Returns the name by which sentinels know the master; empty without sentinels. */
  Optional<String> master() {
    return Optional.ofNullable(parameters(uri).get("master"));
  }

  /** Returns true if the hosts are nodes of a cluster. */
  boolean isCluster() {
    return parameters(uri).containsKey("cluster");
  }

  /** Returns an address without a login for each host. */
  List<String> endpoints() {
    var port = master().isPresent() ? SENTINEL_PORT : REDIS_PORT;
    return hosts(uri).stream()
        .map(host -> host.matches(".*:\\d+") ? host : host + ":" + port)
        .map(host -> "%s://%s%s".formatted(uri.getScheme(), host, path(uri)))
        .toList();
  }

  /** Returns the user and the password, each empty if the address has none. */
  List<String> login() {
    var authority = uri.getRawAuthority();
    var pair = authority.substring(0, Math.max(0, authority.lastIndexOf('@'))).split(":", 2);
    return List.of(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1]));
  }

  /** Returns true if the connection is encrypted. */
  public boolean isEncrypted() {
    return uri.getScheme().equals("rediss");
  }

  /** Returns a text without the password. */
  @Override
  public String toString() {
    return "RedisAddress[%s]".formatted(String.join(",", hosts(uri)));
  }
}
