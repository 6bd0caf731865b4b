package clicktide.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            "https://example.com/a",
            307,
            State.ACTIVE,
            Tracking.COUNTS,
            Optional.empty(),
            end,
            true);
    return new Links.Draft(owner(), code, rules, Notes.NONE);
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
    links().change(made, made.rules().in(State.DELETED), made.notes()).await();

    assertThatThrownBy(() -> links().create(draft(Optional.of("Twice"))).await())
        .isInstanceOf(Links.Taken.class);
  }

  @Test
  @DisplayName("a change raises the version and is refused if somebody was faster")
  void aChangeIsRefusedIfSomebodyWasFaster() {
    var made = links().create(draft(Optional.empty())).await();

    var changed = links().change(made, made.rules().in(State.DISABLED), made.notes()).await();
    var late = links().change(made, made.rules().in(State.DELETED), made.notes()).await();

    assertThat(changed.map(Link::version)).contains(2);
    assertThat(late).isEmpty();
  }

  @Test
  @DisplayName("A5: the change list names what was made and changed, deleted links included")
  void theChangeListNamesWhatChanged() {
    var before = links().changedSince(Instant.EPOCH, Duration.ZERO, _ -> {}).await();
    var made = links().create(draft(Optional.empty())).await();
    links().change(made, made.rules().in(State.DELETED), made.notes()).await();

    var seen = new ArrayList<Link>();
    links().changedSince(before, Duration.ZERO, seen::add).await();

    assertThat(seen).anyMatch(link -> link.code().equals(made.code()) && link.isDeleted());
  }

  @Test
  @DisplayName("A5: what changed shortly before is handed over again where that is asked for")
  void whatChangedShortlyBeforeIsHandedOverAgain() {
    var before = links().create(draft(Optional.empty())).await();
    var newest = links().create(draft(Optional.empty())).await().updatedAt();

    var once = new ArrayList<Link>();
    var again = new ArrayList<Link>();
    links().changedSince(newest, Duration.ZERO, once::add).await();
    links().changedSince(newest, Duration.ofSeconds(20), again::add).await();

    assertThat(once).extracting(Link::code).doesNotContain(before.code());
    assertThat(again).extracting(Link::code).contains(before.code());
  }

  @Test
  @DisplayName("a list has the newest first and goes on where a page ended")
  void aListGoesOnWhereAPageEnded() {
    var first = links().create(draft(Optional.empty())).await();
    var second = links().create(draft(Optional.empty())).await();

    var page = links().list(Links.Search.all(owner()), 1).await();
    var next = links().list(before(page.getFirst().id()), 1).await();

    assertThat(page).containsExactly(second);
    assertThat(next).containsExactly(first);
  }

  private Links.Search before(long id) {
    return new Links.Search(
        owner(), id, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  private Link named(String title, String externalId, String... tags) {
    var notes =
        new Notes(
            Optional.of(title), List.of(tags), Optional.of(externalId), Optional.of(1_000_000L));
    var draft =
        new Links.Draft(owner(), Optional.empty(), Rules.to("https://example.com/x"), notes);
    return links().create(draft).await();
  }

  private static Links.Search with(Links.Search all, String text, String... tags) {
    return new Links.Search(
        all.owner(),
        all.before(),
        Optional.of(text),
        List.of(tags),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  @DisplayName("A7: links are found by what their owner keeps with them")
  void linksAreFoundByWhatIsKeptWithThem() {
    var one = named("Spring tide", "crm-1", "spring", "news");
    var other = named("Neap tide", "crm-2", "news");
    var all = Links.Search.all(owner());

    assertThat(links().find(one.code()).await()).contains(one);
    assertThat(links().findExternal(owner(), "crm-1").await()).contains(one);
    assertThat(links().findExternal(owner(), "crm-3").await()).isEmpty();
    assertThat(links().list(with(all, "TIDE"), 9).await()).containsExactly(other, one);
    assertThat(links().list(with(all, "tide", "spring", "news"), 9).await()).containsExactly(one);
    assertThat(links().list(with(all, "nothing like it"), 9).await()).isEmpty();
    var off = links().change(other, other.rules().in(State.DISABLED), Notes.NONE).await();
    var disabled =
        new Links.Search(
            owner(),
            other.id() + 1,
            Optional.empty(),
            List.of(),
            Optional.of(State.DISABLED),
            Optional.empty());
    assertThat(links().list(disabled, 1).await()).containsExactly(off.orElseThrow());
  }

  @Test
  @DisplayName("A7: links of a domain, and the domains of an owner; what has no name is in no list")
  void domains() {
    var domain = "go.example.com";
    var none = links().create(draft(Optional.of("same"))).await();
    var link = links().create(draft(Optional.of(Code.on("same", domain)))).await();
    var unknown = links().create(draft(Optional.of(Code.unknown(domain)))).await();
    links().create(draft(Optional.of(Code.front(domain)))).await();

    assertThat(links().list(Links.Search.all(owner()), 9).await()).containsExactly(link, none);
    assertThat(links().list(on(domain), 9).await()).containsExactly(link);
    assertThat(links().list(on("no.example.com"), 9).await()).isEmpty();
    assertThat(links().domains(owner()).await()).containsExactly(unknown);
    assertThat(links().domains(new OwnerId(1)).await()).isEmpty();
    links().change(unknown, unknown.rules().in(State.DELETED), Notes.NONE).await();
    assertThat(links().domains(owner()).await()).isEmpty();
  }

  private Links.Search on(String domain) {
    return new Links.Search(
        owner(),
        Long.MAX_VALUE,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.of(domain));
  }

  @Test
  @DisplayName("A7: of many links those are made whose names are free")
  void manyAreMade() {
    var taken = named("a", "of many");
    var drafts = new ArrayList<Links.Draft>();
    for (var code : List.of("many-1", "many-2", taken.code())) {
      drafts.add(draft(Optional.of(code)));
    }
    var notes =
        new Notes(Optional.of("t"), List.of("x", "y"), Optional.of("of many"), Optional.of(5L));
    var rules = Rules.to("https://example.com/");
    drafts.add(new Links.Draft(owner(), Optional.of("many-3"), rules, notes));
    var freed =
        new Notes(Optional.of("t"), List.of("x", "y"), Optional.of("many more"), Optional.of(5L));
    drafts.add(new Links.Draft(owner(), Optional.of("many-4"), rules, freed));

    var opening = new Links.Opening(77, "yourls");
    var made = links().createAll(drafts, Map.of("many-2", opening)).await();

    assertThat(made).extracting(Link::code).containsExactlyInAnyOrder("many-1", "many-2", "many-4");
    for (var link : made) {
      assertThat(links().find(link.code()).await()).contains(link);
      assertThat(links().opening(link.id()).await())
          .isEqualTo(link.code().equals("many-2") ? Optional.of(opening) : Optional.empty());
    }
    assertThat(links().named(owner(), List.of("many-1"), List.of("many more", "none")).await())
        .extracting(Link::code)
        .containsExactlyInAnyOrder("many-1", "many-4");
  }

  @Test
  @DisplayName("A7: an external id names one link of an owner, and a deleted one gives it back")
  void anExternalIdNamesOneLink() {
    var one = named("a", "twice");
    assertThatThrownBy(() -> named("b", "twice")).isInstanceOf(Links.Taken.class);

    links().change(one, one.rules().in(State.DELETED), one.notes()).await();

    assertThat(links().findExternal(owner(), "twice").await()).isEmpty();
    assertThat(named("b", "twice").notes().externalId()).contains("twice");
  }
}
