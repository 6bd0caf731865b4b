package clicktide.management;

import clicktide.http.Fields;
import clicktide.link.Code;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what a new link is to be called. */
final class NewCode {
  private static final int LONGEST = 4_096; // the checks say what is too long

  private NewCode() {}

  /**
   * The code that the fields want for it: a name, alone or on a domain, which the code or a field
   * of its own tells. Without a name there is one for a domain only.
   */
  static Optional<String> of(Fields fields, Predicate<String> isOwnDomain) {
    var code = fields.text("code", LONGEST);
    var domain = fields.text("domain", LONGEST);
    var isCode =
        code.map(text -> Code.isValid(text) && !Code.isNameless(text)).orElse(true)
            || fields.fault(
                "code",
                "invalid_code",
                "A code has 1 to 32 of 0-9, A-Z, a-z, _ and -, and perhaps @ and a domain.");
    var said = isCode ? code.flatMap(Code::domain) : Optional.<String>empty();
    if (said.isPresent() && domain.isPresent() && !said.equals(domain)) {
      fields.fault("domain", "two_domains", "The code is on another domain.");
    }
    var wanted = domain.or(() -> said);
    if (wanted.isPresent() && !isOwnDomain.test(wanted.get())) {
      fields.fault(
          domain.isPresent() ? "domain" : "code",
          "unknown_domain",
          "The owner has no such domain.");
    }
    return isCode
        ? wanted
            .map(host -> Code.on(code.map(Code::name).orElseGet(Code::random), host))
            .or(() -> code)
        : Optional.empty();
  }

  /** The code that a row names, as a link that is there has it. */
  static String named(JsonNode row) {
    var code = row.path("code").asText();
    var domain = row.path("domain").asText();
    return domain.isEmpty() || code.contains("@") ? code : Code.on(code, domain);
  }
}
