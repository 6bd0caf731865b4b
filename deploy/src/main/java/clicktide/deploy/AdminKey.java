package clicktide.deploy;

import clicktide.http.ApiKey;
import clicktide.settings.Settings;
import java.io.IOException;

/** The administrator's key: of the settings, or made at the first start and kept in a file. */
record AdminKey(String text, boolean made) {
  static AdminKey of(Settings settings) throws IOException {
    var file = new KeyFile(settings.data().resolve("admin.key"));
    var known = settings.adminKey().isPresent() ? settings.adminKey() : file.read();
    if (known.isPresent()) {
      return new AdminKey(known.get(), false);
    }
    var key = ApiKey.random();
    file.write(key);
    return new AdminKey(key.text(), true);
  }

  @Override
  public String toString() {
    return "AdminKey[…]";
  }
}
