package clicktide.management;

import clicktide.http.Faults;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Links.Opening;
import java.util.Optional;

/** The decision about one row of an import. */
sealed interface RowPlan {
  /** Creates a link. The draft has a code. */
  record Creating(LinkDraft draft, Optional<Opening> opening) implements RowPlan {}

  /** Changes a link of the owner, or leaves it if the content is the same. */
  record Changing(Link link, LinkContent content) implements RowPlan {}

  /** Refuses the row. */
  record Refusing(Faults faults) implements RowPlan {}
}
