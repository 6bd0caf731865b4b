package clicktide.postgres;

import java.util.function.Consumer;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** A report of each migration in one line, as soon as the migration is done. */
record MigrationReport(Consumer<String> lines) implements Callback {
  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.AFTER_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    var migration = context.getMigrationInfo();
    lines.accept(
        migration.isVersioned()
            ? "Migrated to version %s: %s"
                .formatted(migration.getVersion(), migration.getDescription())
            : "Replaced procedures: %s".formatted(migration.getDescription()));
  }

  @Override
  public String getCallbackName() {
    return "report";
  }
}
