package clicktide.ingest;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.Call;
import clicktide.http.Fields;
import clicktide.http.Reply;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import java.security.SecureRandom;

/** Making owners: the administrator's. */
final class OwnerRoutes {
  private static final int LONGEST_NAME = 200;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Owners owners;

  OwnerRoutes(Owners owners) {
    this.owners = owners;
  }

  /** A new owner. The key is shown this once; the store holds its hash only. */
  record Made(String ownerId, String name, String apiKey) {}

  Reply create(Call call) {
    call.allow();
    var fields = Fields.of(call.json());
    var name = fields.text("name", LONGEST_NAME).map(String::strip).filter(text -> !text.isEmpty());
    if (name.isEmpty()) {
      fields.fault("name", "missing_field", "An owner needs a name.");
    }
    fields.finish();
    var owner = new OwnerId(RANDOM.nextLong(1, Long.MAX_VALUE));
    var key = ApiKey.random();
    Await.on(owners.create(owner, name.orElseThrow(), key.stored(owner, Scope.ofOwner())));
    return Reply.created("/v1/owners/" + owner, new Made(owner.toString(), name.get(), key.text()));
  }
}
