package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.store.AuditLog;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The route of an owner's audit log (E10). */
final class AuditRoutes {
  private final AuditLog audit;
  private final Owners owners;

  AuditRoutes(AuditLog audit, Owners owners) {
    this.audit = audit;
    this.owners = owners;
  }

  /** A change as the API shows it. */
  record AuditView(String at, String actor, String action, String subject, JsonNode changes) {
    private static AuditView of(AuditLog.AuditEntry entry) {
      return new AuditView(
          entry.at().toString(), entry.actor(), entry.action(), subject(entry), entry.changes());
    }

    /** Shows an owner by its id; the store has its number. */
    private static String subject(AuditLog.AuditEntry entry) {
      return entry.action().startsWith("owner.")
          ? new OwnerId(Long.parseLong(entry.subject())).toString()
          : entry.subject();
    }
  }

  /** A page of changes. */
  record AuditPage(
      List<AuditView> entries, @JsonInclude(JsonInclude.Include.NON_NULL) String nextCursor) {}

  ApiResponse list(ApiRequest call) {
    call.caller().require(Scope.LINKS_READ); // the changes show links
    var owner = call.visibleOwner(owners::exists);
    var limit = call.integer("limit", 50, 1, 200);
    var found = Await.on(audit.entries(owner, call.position("cursor"), limit + 1));
    var page = found.subList(0, Math.min(limit, found.size()));
    var next = found.size() > limit ? Long.toString(page.getLast().id(), 36) : null;
    return ApiResponse.ok(new AuditPage(page.stream().map(AuditView::of).toList(), next));
  }
}
