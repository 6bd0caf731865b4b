package clicktide.count;

import static org.assertj.core.api.Assertions.assertThat;

/** An upper limit of a cost that does not depend on the host, as docs/performance.md lists it. */
public record CostGuard(String cost, int limit) {
  /** Fails if the figure is above the limit. Prints it, because the document names it too. */
  public void check(double figure) {
    System.out.printf("%s: %.1f, limit %d%n", cost, figure, limit);
    assertThat(figure).as(cost).isPositive().isLessThanOrEqualTo(limit);
  }
}
