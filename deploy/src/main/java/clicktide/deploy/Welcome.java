package clicktide.deploy;

import clicktide.settings.Settings;
import java.util.Optional;

/** The text that the operator sees when every role is ready. Keys are shown only once. */
final class Welcome {
  private Welcome() {}

  static void print(Settings settings, AdminKey adminKey, Optional<FirstStart.Created> created) {
    var host = settings.bind().equals("0.0.0.0") ? "localhost" : settings.bind();
    var text =
        new StringBuilder(
            """

            Clicktide is ready.
              links       http://%1$s:%2$d/
              API, live   http://%1$s:%3$d/
              health      http://%1$s:%4$d/health/ready
              keys        %5$s (administrator), %6$s (owner "me")
            """
                .formatted(
                    host,
                    settings.port(),
                    settings.apiPort(),
                    settings.managementPort(),
                    settings.data().resolve("admin.key"),
                    settings.data().resolve("owner.key")));
    if (adminKey.isNew()) {
      text.append("\nThe administrator's key, shown only now:\n  %s\n".formatted(adminKey.text()));
    }
    created.ifPresent(
        first ->
            text.append(
                """

                The key of the owner "me" (%s), shown only now:
                  %s
                A first link to %s:
                  %s
                """
                    .formatted(
                        first.owner(),
                        first.key(),
                        first.link().rules().destination(),
                        settings.publicUrl().resolve("/" + first.link().code()))));
    System.out.println(text);
  }
}
