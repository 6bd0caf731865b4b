package clicktide.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Reads a JSON object of a write field by field and collects every fault, so that they are reported
 * together. Fields that nobody asked for are faults, too. Absent and {@code null} are the same
 * here.
 */
public final class Fields {
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

  private final JsonNode object;
  private final Set<String> known = new HashSet<>();
  private final String prefix;
  private final List<Problem.Fault> faults;

  private Fields(JsonNode object, String prefix, List<Problem.Fault> faults) {
    this.object = object;
    this.prefix = prefix;
    this.faults = faults;
  }

  public static Fields of(JsonNode body) {
    if (!body.isObject()) {
      throw Problem.refused("not_an_object", "The body has to be a JSON object.").raised();
    }
    return new Fields(body, "", new ArrayList<>());
  }

  /** Whether the field is there, {@code null} or not. */
  public boolean has(String name) {
    return object.has(name);
  }

  /** Whether there is nothing in the field. */
  public boolean isAbsent(String name) {
    return value(name).isEmpty();
  }

  public Optional<String> text(String name, int longest) {
    return value(name)
        .filter(node -> node.isTextual() || fault(name, "not_a_text", "It has to be a text."))
        .map(JsonNode::textValue)
        .filter(
            text ->
                text.length() <= longest
                    || fault(name, "too_long", "It has at most %d characters.".formatted(longest)));
  }

  /** An array of at most {@code most} texts. */
  public Optional<List<String>> texts(String name, int most, int longest) {
    return value(name)
        .filter(
            node ->
                node.isArray() && node.size() <= most
                    || fault(
                        name, "not_a_list", "It is a list of at most %d texts.".formatted(most)))
        .map(node -> StreamSupport.stream(node.spliterator(), false).toList())
        .filter(
            nodes ->
                nodes.stream()
                        .allMatch(one -> one.isTextual() && one.textValue().length() <= longest)
                    || fault(
                        name,
                        "not_a_text",
                        "Each of it is a text of at most %d characters.".formatted(longest)))
        .map(nodes -> nodes.stream().map(JsonNode::textValue).toList());
  }

  /** An object; its faults are named with a dot. */
  public Optional<Fields> object(String name) {
    return value(name)
        .filter(node -> node.isObject() || fault(name, "not_an_object", "It has to be an object."))
        .map(node -> new Fields(node, prefix + name + ".", faults));
  }

  /** A whole number between two bounds. */
  public Optional<Long> number(String name, long least, long most) {
    return value(name)
        .filter(
            node ->
                node.isIntegralNumber()
                        && node.canConvertToLong()
                        && node.longValue() >= least
                        && node.longValue() <= most
                    || fault(
                        name,
                        "invalid_number",
                        "It is a whole number from %d to %d.".formatted(least, most)))
        .map(JsonNode::longValue);
  }

  public Optional<Integer> integer(String name) {
    return value(name)
        .filter(
            node ->
                node.isIntegralNumber() && node.canConvertToInt()
                    || fault(name, "invalid_integer", "It has to be a whole number."))
        .map(JsonNode::intValue);
  }

  public Optional<Boolean> flag(String name) {
    return value(name)
        .filter(node -> node.isBoolean() || fault(name, "not_a_flag", "It is true or false."))
        .map(JsonNode::booleanValue);
  }

  /** RFC 3339 with a zone. */
  public Optional<Instant> instant(String name) {
    return text(name, 64)
        .flatMap(
            text -> {
              try {
                var at = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
                if (at.isAfter(Instant.EPOCH) && at.isBefore(LAST)) {
                  return Optional.of(at);
                }
              } catch (DateTimeParseException _) {
                // the same fault as for a time out of range
              }
              fault(name, "invalid_time", "It is a time as RFC 3339 writes it, 1970 to 9999.");
              return Optional.empty();
            });
  }

  /** Notes a fault; always false, so that it can end a condition. */
  public boolean fault(String name, String code, String detail) {
    faults.add(new Problem.Fault(prefix + name, code, detail));
    return false;
  }

  /** Notes the fields that nobody has asked for. To be called when all were read. */
  public void refuseOthers() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                fault(name, "unknown_field", "There is no such field.");
              }
            });
  }

  /** What was noted until now. */
  public List<Problem.Fault> faults() {
    return List.copyOf(faults);
  }

  /** Raises a problem of 422 if there was any fault. To be called when all fields were read. */
  public void finish() {
    refuseOthers();
    if (!faults.isEmpty()) {
      var first = faults.getFirst();
      throw Problem.refused(
              first.code(),
              "%s: %s".formatted(first.field(), first.detail()),
              faults.toArray(Problem.Fault[]::new))
          .raised();
    }
  }

  private Optional<JsonNode> value(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }
}
