package clicktide.buffer;

import java.util.List;

/**
 * One start of a process, as the identities of its clicks name it (G21). {@code boot} is the number
 * of the start on its data folder. {@code previous} are the nodes of the newest starts before it,
 * whose clicks may be in the folders.
 */
public record NodeStart(long node, int boot, List<Long> previous) {
  public NodeStart {
    previous = List.copyOf(previous);
  }
}
