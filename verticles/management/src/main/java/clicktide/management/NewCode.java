package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.Fields;
import clicktide.link.Code;
import clicktide.link.DomainName;
import clicktide.store.Await;
import clicktide.store.Links;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Reads the code of a new link from its fields. */
record NewCode(Links links, RandomGenerator random) {
  private static final int LONGEST = 4_096; // the checks report a code that is too long

  /** Reads a code on a domain of this owner, or on none. */
  Optional<String> of(Fields fields, OwnerId owner) {
    return of(fields, name -> isDomainOf(owner, name));
  }

  private boolean isDomainOf(OwnerId owner, String name) {
    return DomainName.isCanonical(name)
        && Await.on(links.domain(name))
            .filter(domain -> domain.owner().equals(owner) && !domain.isDeleted())
            .isPresent();
  }

  /**
   * Reads a name, alone or on a domain. The domain is part of {@code code} or a field of its own.
   * With a domain and without a name, the code is random. Without both it is empty.
   */
  Optional<String> of(Fields fields, Predicate<String> isOwnDomain) {
    var code = fields.text("code", LONGEST);
    var domain = fields.text("domain", LONGEST);
    if (code.filter(text -> !Code.isForLink(text)).isPresent()) {
      fields.fault(
          "code",
          "invalid_code",
          "`code` must have 1 to 32 characters of 0-9, A-Z, a-z, _ and -, then optionally @ and a domain.");
      code = Optional.empty();
    }
    var named = code.flatMap(Code::domain);
    if (named.isPresent() && domain.isPresent() && !named.equals(domain)) {
      fields.fault("domain", "two_domains", "`domain` must equal the domain in `code`.");
    }
    var wanted = domain.or(() -> named);
    if (wanted.isPresent() && !isOwnDomain.test(wanted.get())) {
      var field = domain.isPresent() ? "domain" : "code";
      fields.fault(
          field, "unknown_domain", "`%s` must name a domain of the owner.".formatted(field));
    }
    return on(code, wanted);
  }

  private Optional<String> on(Optional<String> code, Optional<String> domain) {
    return domain
        .map(host -> Code.on(code.map(Code::name).orElseGet(() -> Code.random(random)), host))
        .or(() -> code);
  }

  /** Returns the code that a row names, in the form of a stored link. */
  static String named(JsonNode row) {
    var code = row.path("code").asText();
    var domain = row.path("domain").asText();
    return domain.isEmpty() || code.contains("@") ? code : Code.on(code, domain);
  }
}
