package clicktide.deploy;

import clicktide.http.ApiKey;
import clicktide.settings.Settings;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** The administrator's key, from the settings, or from a file that the first start creates. */
record AdminKey(String text, boolean isNew) {
  static AdminKey of(Settings settings, RandomGenerator random) throws IOException {
    var file = new PrivateFile(settings.data().resolve("admin.key"));
    var known = settings.adminKey().isPresent() ? settings.adminKey() : file.read();
    if (known.isPresent()) {
      return new AdminKey(known.get(), false);
    }
    var key = ApiKey.random(random);
    file.write(key.text());
    return new AdminKey(key.text(), true);
  }

  @Override
  public String toString() {
    return "AdminKey[…]";
  }
}
