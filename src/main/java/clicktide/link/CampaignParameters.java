package clicktide.link;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The campaign parameters in the query of a URL, by their names without {@code utm_}. */
public final class CampaignParameters {
  /** The names in the order of a written query. */
  public static final List<String> NAMES =
      List.of("source", "medium", "campaign", "term", "content");

  private static final String PREFIX = "utm_";
  private static final Pattern AMPERSAND = Pattern.compile("&");

  private CampaignParameters() {}

  /** Returns the parameters that are present and not empty. */
  public static Map<String, String> of(String url) {
    var found = new LinkedHashMap<String, String>();
    if (url.contains(PREFIX)) { // most have none
      for (var pair : pairs(url)) {
        var name = name(pair);
        if (name.startsWith(PREFIX) && NAMES.contains(name.substring(PREFIX.length()))) {
          var value = decoded(pair.substring(Math.min(pair.length(), name.length() + 1)));
          if (!value.isEmpty()) {
            found.putIfAbsent(name.substring(PREFIX.length()), value);
          }
        }
      }
    }
    return found;
  }

  /** Returns the URL with these values; an empty value removes its parameter. */
  public static String with(String url, Map<String, String> values) {
    var query = new StringBuilder();
    for (var pair : pairs(url)) {
      var name = name(pair);
      var isReplaced =
          name.startsWith(PREFIX) && values.containsKey(name.substring(PREFIX.length()));
      if (!isReplaced && !pair.isEmpty()) {
        query.append('&').append(pair);
      }
    }
    for (var name : NAMES) {
      var value = values.getOrDefault(name, "");
      if (!value.isEmpty()) {
        query.append('&').append(PREFIX).append(name).append('=');
        query.append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
      }
    }
    var end = endOfPath(url);
    var fragment = fragment(url);
    var path = url.substring(0, end);
    return path + (query.isEmpty() ? "" : "?" + query.substring(1)) + url.substring(fragment);
  }

  /** Returns the URL with a query after its own and before its fragment. */
  public static String withQuery(String url, String query) {
    var fragment = fragment(url);
    var joint = endOfPath(url) == fragment ? '?' : '&';
    return url.substring(0, fragment) + joint + query + url.substring(fragment);
  }

  private static String[] pairs(String url) {
    var from = endOfPath(url);
    var to = fragment(url);
    return from == to ? new String[0] : AMPERSAND.split(url.substring(from + 1, to), -1);
  }

  private static int endOfPath(String url) {
    var mark = url.indexOf('?');
    var fragment = fragment(url);
    return mark < 0 || mark > fragment ? fragment : mark;
  }

  private static int fragment(String url) {
    var hash = url.indexOf('#');
    return hash < 0 ? url.length() : hash;
  }

  private static String name(String pair) {
    var is = pair.indexOf('=');
    return is < 0 ? pair : pair.substring(0, is);
  }

  private static String decoded(String text) {
    try {
      var value = URLDecoder.decode(text, StandardCharsets.UTF_8);
      return value.chars().anyMatch(Character::isISOControl) ? "" : value;
    } catch (IllegalArgumentException _) {
      return ""; // an invalid escape counts as absent
    }
  }
}
