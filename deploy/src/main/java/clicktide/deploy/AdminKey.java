package clicktide.deploy;

import clicktide.http.ApiKey;
import clicktide.postgres.control.PostgresInstallation;
import clicktide.settings.Role;
import clicktide.settings.Setting;
import clicktide.store.Await;
import java.io.IOException;
import java.util.Optional;

/**
 * The administrator's key: {@code place} says where it is. {@code created} is a key that this start
 * has created.
 *
 * <p>A setting precedes all other keys. Otherwise the installation has registered keys: that of the
 * first node with the role management, and those that nodes have in their data folders.
 */
record AdminKey(String place, Optional<String> created) {
  private static final String FILE = "admin.key";

  /** Registers the key of this node, or a new one if the installation has none. Idempotent. */
  static AdminKey of(Platform platform, PostgresInstallation installation) throws IOException {
    var settings = platform.settings();
    if (settings.adminKey().isPresent()) {
      return new AdminKey(Setting.CLICKTIDE_ADMIN_KEY.name(), Optional.empty());
    }
    var file = new PrivateFile(settings.data().resolve(FILE));
    var place = "%s on host %s".formatted(file.path(), HostName.own());
    var known = file.read();
    if (known.isPresent()) {
      Await.on(installation.register(ApiKey.hexHash(known.get()), place));
      return new AdminKey(file.path().toString(), Optional.empty());
    }
    if (!settings.roles().contains(Role.MANAGEMENT)) {
      return elsewhere(Await.on(installation.place()));
    }
    var key = ApiKey.random(platform.random());
    var earlier =
        Await.on(
            installation.registerFirst(
                ApiKey.hexHash(key.text()), place, () -> file.keep(platform.vertx(), key.text())));
    return earlier.isPresent()
        ? elsewhere(earlier)
        : new AdminKey(file.path().toString(), Optional.of(key.text()));
  }

  private static AdminKey elsewhere(Optional<String> place) {
    return new AdminKey(place.orElse("a process with the role management"), Optional.empty());
  }

  @Override
  public String toString() {
    return "AdminKey[%s]".formatted(place); // without the key
  }
}
