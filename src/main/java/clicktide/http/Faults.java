package clicktide.http;

import java.util.ArrayList;
import java.util.List;

/** The faults of one object: the first twenty, and the number of all. For one thread. */
public final class Faults {
  private static final int MOST = 20;

  private final List<Problem.Fault> first = new ArrayList<>();
  private int count;

  /** Returns one fault. */
  public static Faults of(String field, String code, String detail) {
    var faults = new Faults();
    faults.add(new Problem.Fault(field, code, detail));
    return faults;
  }

  void add(Problem.Fault fault) {
    if (first.size() < MOST) {
      first.add(fault);
    }
    count++;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** Returns the first faults, and one more that counts the others. */
  List<Problem.Fault> list() {
    return list(MOST);
  }

  /** Returns at most {@code most} faults, and one more that counts the others. */
  public List<Problem.Fault> list(int most) {
    var list = new ArrayList<>(first.subList(0, Math.min(most, first.size())));
    var others = count - list.size();
    if (others > 0) {
      list.add(
          new Problem.Fault("", "more_faults", "%d more faults are left out.".formatted(others)));
    }
    return List.copyOf(list);
  }
}
