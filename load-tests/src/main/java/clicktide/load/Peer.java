package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program beside the product, in a process of its own. It prints how many clicks it counted. */
final class Peer implements AutoCloseable {
  private final Process process;
  private final Path output;

  /** {@code data} is the data folder of the product. */
  Peer(Class<?> program, Path data) throws IOException {
    output = data.resolve(program.getSimpleName() + ".out");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                data.toString())
            .redirectOutput(output.toFile())
            .redirectError(data.resolve(program.getSimpleName() + ".err").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // after Ctrl-C
  }

  /** Returns the processes of the product and of the peer. */
  List<ProcessHandle> with(List<ProcessHandle> product) {
    return Stream.concat(product.stream(), Children.all(process).stream()).toList();
  }

  /** Returns the number that the peer printed last, 0 before the first one. */
  long counted() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("The peer has ended, see " + output.getParent());
    }
    var lines = Files.readAllLines(output);
    return lines.isEmpty() ? 0 : Long.parseLong(lines.getLast());
  }

  @Override
  public void close() {
    Children.stop(process);
  }
}
