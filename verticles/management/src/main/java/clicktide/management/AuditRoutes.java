package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.store.AuditLog;
import clicktide.store.Await;
import clicktide.store.Owners;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Shows who changed what of an owner's things (E10). */
final class AuditRoutes {
  private final AuditLog audit;
  private final Owners owners;

  AuditRoutes(AuditLog audit, Owners owners) {
    this.audit = audit;
    this.owners = owners;
  }

  /** One change. */
  record AuditView(String at, String actor, String action, String subject, JsonNode changes) {
    private static AuditView of(AuditLog.Entry entry) {
      return new AuditView(
          entry.at().toString(), entry.actor(), entry.action(), subject(entry), entry.changes());
    }

    /** The store knows owners by their numbers. */
    private static String subject(AuditLog.Entry entry) {
      return entry.action().startsWith("owner.")
          ? new OwnerId(Long.parseLong(entry.subject())).toString()
          : entry.subject();
    }
  }

  /** A page of changes. */
  record Page(
      List<AuditView> entries, @JsonInclude(JsonInclude.Include.NON_NULL) String nextCursor) {}

  ApiResponse list(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var limit = call.integer("limit", 50, 1, 200);
    var found = Await.on(audit.entries(owner, call.position("cursor"), limit + 1));
    var page = found.subList(0, Math.min(limit, found.size()));
    var next = found.size() > limit ? Long.toString(page.getLast().id(), 36) : null;
    return ApiResponse.ok(new Page(page.stream().map(AuditView::of).toList(), next));
  }
}
