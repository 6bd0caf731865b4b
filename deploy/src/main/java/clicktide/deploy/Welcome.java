package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.Console;
import java.nio.file.Files;
import java.util.Optional;

/** The text that the operator sees when every role is ready. A terminal shows new keys once. */
final class Welcome {
  private Welcome() {}

  /** Prints the text. Only a terminal gets the keys, since other outputs are kept. */
  static void print(Settings settings, AdminKey adminKey, Optional<FirstStart.Created> created) {
    var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    System.out.println(text(settings, adminKey, created, terminal.isPresent()));
  }

  /**
   * Returns the text, with new keys if {@code hasKeys} is true. Files of the data folder hold them.
   */
  static String text(
      Settings settings, AdminKey adminKey, Optional<FirstStart.Created> created, boolean hasKeys) {
    var ownerKey = settings.data().resolve("owner.key");
    var text =
        new StringBuilder(
            """

            Clicktide is ready.
              version     %s
              links       http://%s/
              API, live   http://%s/
              health      http://%s/health/ready
              keys        %s (administrator)%s
            """
                .formatted(
                    Version.TEXT,
                    PublicPort.LINKS.shown(settings),
                    PublicPort.API.shown(settings),
                    PublicPort.MANAGEMENT.shown(settings),
                    adminKey.place(),
                    created.isPresent() || Files.exists(ownerKey)
                        ? ", %s (owner \"me\")".formatted(ownerKey)
                        : ""));
    adminKey
        .created()
        .filter(_ -> hasKeys)
        .ifPresent(
            key ->
                text.append("\nThe administrator's key, shown only now:\n  %s\n".formatted(key)));
    created
        .filter(_ -> hasKeys)
        .ifPresent(
            first ->
                text.append(
                    "\nThe key of the owner \"me\" (%s), shown only now:\n  %s\n"
                        .formatted(first.owner(), first.key())));
    created.ifPresent(
        first ->
            text.append(
                "\nA first link to %s:\n  %s\n"
                    .formatted(
                        first.link().rules().destination(),
                        settings.publicUrl().resolve("/" + first.link().code()))));
    return text.toString();
  }
}
