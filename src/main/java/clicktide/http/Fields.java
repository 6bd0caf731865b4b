package clicktide.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * A reader of the fields of a JSON object. It collects the faults, so that they are reported
 * together. Unknown fields are faults. An absent field and {@code null} are the same, except for
 * {@link #has}. For one thread.
 */
public final class Fields {
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");
  private static final int LONGEST_TIME = 64;

  private final JsonNode object;
  private final Set<String> known = new HashSet<>();
  private final String prefix;
  private final Faults faults;

  private Fields(JsonNode object, String prefix, Faults faults) {
    this.object = object;
    this.prefix = prefix;
    this.faults = faults;
  }

  /** Reads the fields of a body. Raises a problem of 422 if it is no object. */
  public static Fields of(JsonNode body) {
    if (!body.isObject()) {
      throw Problem.refused("not_an_object", "The body must be a JSON object.").raised();
    }
    return new Fields(body, "", new Faults());
  }

  /** Returns true if the field was sent, also as {@code null}. */
  public boolean has(String name) {
    return object.has(name);
  }

  /** Returns true if the field was not sent, or sent as {@code null}. */
  public boolean isAbsent(String name) {
    return value(name).isEmpty();
  }

  /** Reads a text of at most {@code longest} characters. */
  public Optional<String> text(String name, int longest) {
    var rule = "must be a text of at most %d characters".formatted(longest);
    var text = check(name, JsonNode::isTextual, "not_a_text", rule).map(JsonNode::textValue);
    return require(text, one -> one.length() <= longest, name, "too_long", rule);
  }

  /** Reads an array of at most {@code most} texts of at most {@code longest} characters each. */
  public Optional<List<String>> texts(String name, int most, int longest) {
    var rule = "must be a list of at most %d texts".formatted(most);
    var nodes =
        check(name, node -> node.isArray() && node.size() <= most, "not_a_list", rule)
            .map(node -> StreamSupport.stream(node.spliterator(), false).toList());
    return require(
            nodes,
            all -> all.stream().allMatch(one -> isText(one, longest)),
            name,
            "not_a_text",
            "must contain only texts of at most %d characters".formatted(longest))
        .map(all -> all.stream().map(JsonNode::textValue).toList());
  }

  private static boolean isText(JsonNode node, int longest) {
    return node.isTextual() && node.textValue().length() <= longest;
  }

  /** Reads an object. Its fields are named with a dot, as in {@code campaign.source}. */
  public Optional<Fields> object(String name) {
    return check(name, JsonNode::isObject, "not_an_object", "must be an object")
        .map(node -> new Fields(node, prefix + name + ".", faults));
  }

  /** Reads an integer from {@code min} to {@code max}. */
  public Optional<Long> number(String name, long min, long max) {
    return check(
            name,
            node -> isLong(node) && node.longValue() >= min && node.longValue() <= max,
            "invalid_number",
            "must be an integer from %d to %d".formatted(min, max))
        .map(JsonNode::longValue);
  }

  private static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  /** Reads an integer of 32 bits. */
  public Optional<Integer> integer(String name) {
    return check(
            name,
            node -> node.isIntegralNumber() && node.canConvertToInt(),
            "invalid_integer",
            "must be an integer")
        .map(JsonNode::intValue);
  }

  /** Reads a boolean. */
  public Optional<Boolean> flag(String name) {
    return check(name, JsonNode::isBoolean, "not_a_flag", "must be true or false")
        .map(JsonNode::booleanValue);
  }

  /** Reads an RFC 3339 time with an offset, after 1970 and before 9999, in microseconds. */
  public Optional<Instant> instant(String name) {
    return text(name, LONGEST_TIME)
        .flatMap(
            text -> {
              var at = parse(text).filter(one -> one.isAfter(Instant.EPOCH) && one.isBefore(LAST));
              if (at.isEmpty()) {
                must(name, "invalid_time", "must be an RFC 3339 time from 1970 to 9998");
              }
              return at;
            });
  }

  private static Optional<Instant> parse(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /** Notes a fault; {@code detail} is a whole sentence that names the field. */
  public void fault(String name, String code, String detail) {
    faults.add(new Problem.Fault(prefix + name, code, detail));
  }

  /** Notes the fields that were not read as unknown. Call it after all others. */
  public void refuseOthers() {
    for (var names = object.fieldNames(); names.hasNext(); ) {
      var name = names.next();
      if (!known.contains(name)) {
        must(name, "unknown_field", "is not a field of this object");
      }
    }
  }

  /** Returns the faults so far. */
  public Faults faults() {
    return faults;
  }

  /** Notes unknown fields, and raises a problem of 422 if there is a fault. Call it last. */
  public void finish() {
    refuseOthers();
    if (!faults.isEmpty()) {
      var all = faults.list();
      throw Problem.refused(
              all.getFirst().code(), all.getFirst().detail(), all.toArray(Problem.Fault[]::new))
          .raised();
    }
  }

  private Optional<JsonNode> check(
      String name, Predicate<JsonNode> test, String code, String rule) {
    return require(value(name), test, name, code, rule);
  }

  /** Keeps a value that passes a test; {@code rule} goes on after the name of the field. */
  public <T> Optional<T> require(
      Optional<T> value, Predicate<T> test, String name, String code, String rule) {
    var valid = value.filter(test);
    if (value.isPresent() && valid.isEmpty()) {
      must(name, code, rule);
    }
    return valid;
  }

  private void must(String name, String code, String rule) {
    fault(name, code, "`%s%s` %s.".formatted(prefix, name, rule));
  }

  private Optional<JsonNode> value(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }
}
