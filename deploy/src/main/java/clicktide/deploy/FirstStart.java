package clicktide.deploy;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.LinkDraft;
import clicktide.postgres.control.PostgresInstallation;
import clicktide.store.Await;
import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The content of a new installation: an owner "me", its key and a first link. */
final class FirstStart {
  private static final String FIRST_DESTINATION = "https://www.rfc-editor.org/rfc/rfc9110";

  private final Platform platform;
  private final PostgresInstallation installation;

  FirstStart(Platform platform, PostgresInstallation installation) {
    this.platform = platform;
    this.installation = installation;
  }

  /** The content that this start created. */
  record Created(OwnerId owner, String key, Link link) {
    @Override
    public String toString() {
      return "Created[owner=%s]".formatted(owner); // without the key
    }
  }

  /**
   * Creates the content; empty if another start of the installation has. The key is in a file of
   * the data folder before the content is. A start that was interrupted there uses the file again.
   * Idempotent.
   */
  Optional<Created> run() throws IOException {
    var file = new PrivateFile(platform.settings().data().resolve("owner.key"));
    var random = platform.random();
    var key = file.read().flatMap(ApiKey::parse).orElseGet(() -> ApiKey.random(random));
    var owner = newOwner(random);
    return Await.on(
            installation.begin(
                "me",
                key.first(owner),
                draft(owner, FIRST_DESTINATION),
                () -> file.keep(platform.vertx(), key.text())))
        .map(link -> new Created(owner, key.text(), link));
  }

  static OwnerId newOwner(RandomGenerator random) {
    return new OwnerId(random.nextLong(1, Long.MAX_VALUE));
  }

  static LinkDraft draft(OwnerId owner, String destination) {
    return new LinkDraft(owner, Optional.empty(), Rules.to(destination), Link.Notes.NONE);
  }
}
