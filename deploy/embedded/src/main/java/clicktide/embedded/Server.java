package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the supervisor needs to know of a server that runs as a child process. */
interface Server {
  String name();

  /** Makes the folder, the configuration and the binaries, and removes what a killed one left. */
  void prepare() throws IOException, InterruptedException;

  /** The command; it names the data folder, so that a stale process can be recognised. */
  List<String> command();

  /** The signal that ends it in an orderly way, without "SIG". */
  String stopSignal();

  /** Whether a running process is one of this server's, left by a product that was killed. */
  boolean owns(ProcessHandle process);

  /** Whether it answers requests now. */
  boolean answers();

  Path log();
}
