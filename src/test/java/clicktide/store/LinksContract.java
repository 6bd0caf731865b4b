package clicktide.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store of links has to do (A5, A7). */
public abstract class LinksContract {
  protected abstract Links links();

  /** An owner that the store knows. */
  protected abstract OwnerId owner();

  private Links.Draft draft(Optional<String> code) {
    var end = Optional.of(Instant.parse("2030-01-01T00:00:00Z"));
    var rules =
        new Rules(
            "https://example.com/a", 307, State.ACTIVE, Tracking.COUNTS, Optional.empty(), end);
    return new Links.Draft(owner(), code, rules);
  }

  @Test
  @DisplayName("A7: a link is found as it was made")
  void aLinkIsFoundAsItWasMade() {
    var made = links().create(draft(Optional.empty())).await();

    assertThat(links().find(made.code()).await()).contains(made);
    assertThat(made.rules()).isEqualTo(draft(Optional.empty()).rules());
    assertThat(made.version()).isEqualTo(1);
    assertThat(links().find("nobody").await()).isEmpty();
  }

  @Test
  @DisplayName("A7: case counts, and a code is never given again")
  void aCodeIsNeverGivenAgain() {
    var made = links().create(draft(Optional.of("Twice"))).await();
    links().create(draft(Optional.of("twice"))).await();
    links().change(made, made.rules().in(State.DELETED)).await();

    assertThatThrownBy(() -> links().create(draft(Optional.of("Twice"))).await())
        .isInstanceOf(Links.Taken.class);
  }

  @Test
  @DisplayName("a change raises the version and is refused if somebody was faster")
  void aChangeIsRefusedIfSomebodyWasFaster() {
    var made = links().create(draft(Optional.empty())).await();

    var changed = links().change(made, made.rules().in(State.DISABLED)).await();
    var late = links().change(made, made.rules().in(State.DELETED)).await();

    assertThat(changed.map(Link::version)).contains(2);
    assertThat(late).isEmpty();
  }

  @Test
  @DisplayName("A5: the change list names what was made and changed, deleted links included")
  void theChangeListNamesWhatChanged() {
    var before = links().changedSince(Instant.EPOCH, _ -> {}).await();
    var made = links().create(draft(Optional.empty())).await();
    links().change(made, made.rules().in(State.DELETED)).await();

    var seen = new ArrayList<Link>();
    links().changedSince(before, seen::add).await();

    assertThat(seen).anyMatch(link -> link.code().equals(made.code()) && link.isDeleted());
  }

  @Test
  @DisplayName("a list has the newest first and goes on where a page ended")
  void aListGoesOnWhereAPageEnded() {
    var first = links().create(draft(Optional.empty())).await();
    var second = links().create(draft(Optional.empty())).await();

    var page = links().list(owner(), Long.MAX_VALUE, 1).await();
    var next = links().list(owner(), page.getFirst().id(), 1).await();

    assertThat(page).containsExactly(second);
    assertThat(next).containsExactly(first);
  }
}
