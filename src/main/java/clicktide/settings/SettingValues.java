package clicktide.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The texts of all settings, read as values of a type. It collects every mistake. */
final class SettingValues {
  /** The settings whose values may contain a secret. */
  private static final Set<Setting> SECRETS =
      EnumSet.of(
          Setting.CLICKTIDE_ADMIN_KEY,
          Setting.CLICKTIDE_KAFKA_PASSWORD,
          Setting.CLICKTIDE_REDIS,
          Setting.CLICKTIDE_REDIS_PASSWORD,
          Setting.CLICKTIDE_POSTGRES,
          Setting.CLICKTIDE_POSTGRES_PASSWORD);

  private static final String FILE = "_FILE"; // the ending of a variable that names a file

  private final Map<String, String> given;
  private final List<String> mistakes = new ArrayList<>();

  SettingValues(Map<String, String> environment) {
    given = new HashMap<>(environment);
    SECRETS.forEach(this::readFile);
  }

  /** Returns true if a variable is a setting, or names the file of a setting with a secret. */
  static boolean isSetting(String variable) {
    return Arrays.stream(Setting.values()).anyMatch(one -> one.name().equals(variable))
        || SECRETS.stream().anyMatch(one -> (one + FILE).equals(variable));
  }

  private void readFile(Setting secret) {
    var file = given.getOrDefault(secret + FILE, "");
    if (file.isBlank()) {
      return;
    }
    if (!text(secret).isEmpty()) {
      reject("%1$s cannot be combined with %1$s_FILE".formatted(secret));
    }
    try {
      put(secret, Files.readString(Path.of(file.strip())));
      if (text(secret).isEmpty()) {
        reject("%s_FILE must not be empty".formatted(secret));
      }
    } catch (IOException | InvalidPathException _) {
      reject("%s_FILE must be a readable file".formatted(secret));
    }
  }

  List<String> mistakes() {
    return mistakes;
  }

  void put(Setting setting, String value) {
    given.put(setting.name(), value);
  }

  /** Adds a mistake, a sentence without secrets. */
  void reject(String mistake) {
    mistakes.add(mistake);
  }

  /** Returns the given text, else the default, which is empty if the setting may stay unset. */
  String text(Setting setting) {
    var value = given.getOrDefault(setting.name(), "");
    return value.isBlank() ? setting.otherwise() : value.strip();
  }

  int number(Setting setting, int min, int max) {
    try {
      var number = Integer.parseInt(text(setting));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // reported like a number out of range
    }
    reject(setting);
    return min;
  }

  String choice(Setting setting, String... choices) {
    var value = text(setting);
    if (!List.of(choices).contains(value)) {
      reject(setting);
    }
    return value;
  }

  Optional<String> optional(Setting setting, Predicate<String> isValid) {
    return optional(setting, Function.identity(), isValid);
  }

  <T> Optional<T> optional(Setting setting, Function<String, T> make, Predicate<T> isValid) {
    var value = text(setting);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      var made = make.apply(value);
      if (isValid.test(made)) {
        return Optional.of(made);
      }
    } catch (IllegalArgumentException _) {
      // reported like a value that breaks a rule
    }
    reject(setting);
    return Optional.empty();
  }

  Optional<URI> uri(Setting setting, String... schemes) {
    return optional(
        setting,
        URI::create,
        uri ->
            uri.getScheme() != null
                && List.of(schemes).contains(uri.getScheme())
                && uri.getHost() != null);
  }

  /** Adds a mistake. The value of a setting that may contain a password is left out. */
  void reject(Setting setting) {
    reject(
        SECRETS.contains(setting)
            ? "%s is not valid: %s".formatted(setting, setting.range())
            : setting + "=" + text(setting));
  }
}
