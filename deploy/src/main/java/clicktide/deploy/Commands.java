package clicktide.deploy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The commands of {@code clicktide} other than {@code run}. */
final class Commands {
  static final String USAGE =
      String.join(
          "\n       ",
          "usage: " + Settings.USAGE,
          MigrateCommand.USAGE,
          BackupCommand.USAGE,
          DeadLetterCommand.USAGE,
          CommandLine.USAGE,
          "clicktide --version");

  private Commands() {}

  /** Runs such a command and returns true; false if the arguments name none. */
  static boolean run(Map<String, String> environment, List<String> arguments, PrintStream out)
      throws IOException, InterruptedException {
    var command = arguments.isEmpty() ? "" : arguments.getFirst();
    if (command.equals("--version")) {
      out.println("Clicktide " + Version.TEXT);
      return true;
    }
    if (command.equals("migrate")) {
      MigrateCommand.run(environment, arguments.subList(1, arguments.size()), out);
      return true;
    }
    if (BackupCommand.knows(command)) {
      BackupCommand.run(environment, arguments, out);
      return true;
    }
    if (command.equals("dead-letters")) {
      DeadLetterCommand.run(environment, arguments.subList(1, arguments.size()));
      return true;
    }
    if (CommandLine.knows(command)) {
      CommandLine.run(environment, arguments, out);
      return true;
    }
    return false;
  }
}
