package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server that runs as a child process, as its supervisor sees it. */
interface Server {
  String name();

  /** Creates folder, configuration and binaries, and removes remains of a killed process. */
  void prepare() throws IOException, InterruptedException;

  /** The command. It contains the data folder, so that a stale process can be recognised. */
  List<String> command();

  /** The signal of an orderly shutdown, without "SIG". */
  String stopSignal();

  /** Returns true if a running process belongs to this server, left by a killed product. */
  boolean owns(ProcessHandle process);

  /** Returns true if the server answers requests now. */
  boolean answers();

  Path log();
}
