package clicktide.settings;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The variables that Kubernetes adds to every container for each service of the namespace. Those of
 * services whose names begin with {@code clicktide} look like settings.
 */
final class KubernetesVariables {
  private static final Logger log = LoggerFactory.getLogger(KubernetesVariables.class);

  /** {@code CLICKTIDE_X_SERVICE_HOST}, {@code CLICKTIDE_X_PORT_8080_TCP_ADDR} and others. */
  private static final Pattern NAME =
      Pattern.compile(
          "CLICKTIDE(_\\w+)?_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  /** The value of {@code CLICKTIDE_PORT} and {@code CLICKTIDE_X_PORT}. */
  private static final Pattern PORT = Pattern.compile("(tcp|udp|sctp)://.*");

  private KubernetesVariables() {}

  /** Returns the environment without these variables. One log line names them. */
  static Map<String, String> removed(Map<String, String> environment) {
    var rest = new TreeMap<>(environment);
    rest.entrySet().removeIf(one -> isOfKubernetes(one.getKey(), one.getValue()));
    if (rest.size() < environment.size()) {
      var ignored = new TreeMap<>(environment).navigableKeySet();
      ignored.removeAll(rest.keySet());
      log.info("Variables of Kubernetes services are no settings and are ignored: {}", ignored);
    }
    return rest;
  }

  private static boolean isOfKubernetes(String name, String value) {
    return NAME.matcher(name).matches()
        || name.startsWith("CLICKTIDE") && name.endsWith("_PORT") && PORT.matcher(value).matches();
  }
}
