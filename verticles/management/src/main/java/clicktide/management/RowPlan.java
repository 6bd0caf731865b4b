package clicktide.management;

import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Links.Opening;
import java.util.List;
import java.util.Optional;

/** The decision about one row of an import. */
sealed interface RowPlan {
  /** Creates a link. The draft has a code. */
  record Creating(LinkDraft draft, Optional<Opening> opening) implements RowPlan {}

  /** Changes a link of the owner, or leaves it if the content is the same. */
  record Changing(Link link, LinkContent content) implements RowPlan {}

  /** Refuses the row. */
  record Refusing(List<Problem.Fault> faults) implements RowPlan {}
}
