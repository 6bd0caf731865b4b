package clicktide.deploy;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.LinkDraft;
import clicktide.store.Links;
import clicktide.store.Owners;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The content of a new installation: an owner "me", its key and a first link. */
final class FirstStart {
  private static final String FIRST_DESTINATION = "https://www.rfc-editor.org/rfc/rfc9110";

  private final Owners owners;
  private final Links links;
  private final RandomGenerator random;

  /** {@code random} must be secure. */
  FirstStart(Owners owners, Links links, RandomGenerator random) {
    this.owners = owners;
    this.links = links;
    this.random = random;
  }

  /** The content that this start created. */
  record Created(OwnerId owner, String key, Link link) {
    @Override
    public String toString() {
      return "Created[owner=%s]".formatted(owner); // without the key
    }
  }

  /**
   * Creates the content; empty if an earlier start has. The key is written last, so a start that
   * was interrupted creates everything again.
   */
  Optional<Created> run(Path data) throws IOException {
    var file = new PrivateFile(data.resolve("owner.key"));
    if (file.read().isPresent()) {
      return Optional.empty();
    }
    var owner = newOwner(random);
    var key = ApiKey.random(random);
    owners.create(owner, "me", key.first(owner)).await();
    var link = links.create(draft(owner, FIRST_DESTINATION)).await().created().orElseThrow();
    file.write(key.text());
    return Optional.of(new Created(owner, key.text(), link));
  }

  static OwnerId newOwner(RandomGenerator random) {
    return new OwnerId(random.nextLong(1, Long.MAX_VALUE));
  }

  static LinkDraft draft(OwnerId owner, String destination) {
    return new LinkDraft(owner, Optional.empty(), Rules.to(destination), Link.Notes.NONE);
  }
}
