package clicktide.deploy;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.store.Links;
import clicktide.store.Owners;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Makes what a new installation begins with: an owner "me", its key and a first link. */
final class FirstStart {
  private static final String FIRST_DESTINATION = "https://www.rfc-editor.org/rfc/rfc9110";

  private final Owners owners;
  private final Links links;

  FirstStart(Owners owners, Links links) {
    this.owners = owners;
    this.links = links;
  }

  /** What was made. */
  record Begun(OwnerId owner, String key, Link link) {}

  /** Empty if it was done before. The key is written last, so a start that dies is done again. */
  Optional<Begun> run(Path data) throws IOException {
    var file = new KeyFile(data.resolve("owner.key"));
    if (file.read().isPresent()) {
      return Optional.empty();
    }
    var owner = newOwner();
    var key = ApiKey.random();
    owners.create(owner, "me", key.first(owner)).await();
    var link = links.create(draft(owner, FIRST_DESTINATION)).await();
    file.write(key);
    return Optional.of(new Begun(owner, key.text(), link));
  }

  static OwnerId newOwner() {
    return new OwnerId(new SecureRandom().nextLong(1, Long.MAX_VALUE));
  }

  static Links.Draft draft(OwnerId owner, String destination) {
    return new Links.Draft(owner, Optional.empty(), Rules.to(destination), Link.Notes.NONE);
  }
}
