package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.link.Domain;
import clicktide.link.Link;
import clicktide.store.Await;
import clicktide.store.Links;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The stored links that the rows of an import name, and the domains of the owner. */
final class KnownLinks {
  private final Set<String> domains;
  private final Map<String, Link> byCode = new HashMap<>();
  private final Map<String, Link> byExternalId = new HashMap<>();

  private KnownLinks(Set<String> domains) {
    this.domains = domains;
  }

  /** Reads them with two queries. Blocks. */
  static KnownLinks of(Links links, OwnerId owner, List<JsonNode> rows) {
    var domains = Await.on(links.domains(owner)).stream().map(Domain::name);
    var known = new KnownLinks(domains.collect(Collectors.toSet()));
    var codes = rows.stream().map(NewCode::named).toList();
    var ids = rows.stream().map(row -> row.path("externalId").asText()).toList();
    for (var link : Await.on(links.named(owner, codes, ids))) {
      known.byCode.put(link.code(), link);
      if (link.owner().equals(owner) && !link.isDeleted()) {
        link.notes().externalId().ifPresent(id -> known.byExternalId.put(id, link));
      }
    }
    return known;
  }

  boolean hasDomain(String name) {
    return domains.contains(name);
  }

  /** Finds a link of any owner, deleted ones included. */
  Optional<Link> byCode(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** Finds a link of the owner, without deleted ones. */
  Optional<Link> byExternalId(String id) {
    return Optional.ofNullable(byExternalId.get(id));
  }
}
