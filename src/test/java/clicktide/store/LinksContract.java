package clicktide.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.link.LinkDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of every store of links (A5, A7). */
public abstract class LinksContract {
  protected abstract Links links();

  /** The same store with a quota of links per owner. */
  protected abstract Links links(int quota);

  /** An owner in the store. */
  protected abstract OwnerId owner();

  private LinkDraft draft(Optional<String> code) {
    var rules =
        Rules.to("https://example.com/a")
            .withStatus(307)
            .withTracking(Tracking.COUNTS)
            .withEnd(Instant.parse("2030-01-01T00:00:00Z"))
            .withQuery(true);
    return new LinkDraft(owner(), code, rules, Notes.NONE);
  }

  private Link create(LinkDraft draft) {
    return links().create(draft).await().created().orElseThrow();
  }

  private Link create() {
    return create(draft(Optional.empty()));
  }

  private Links.Change change(Link link, State state) {
    return links().change(link, link.rules().withState(state), link.notes()).await();
  }

  @Test
  @DisplayName("A7: a link is found as it was created")
  void aLinkIsFoundAsItWasCreated() {
    var link = create();

    assertThat(links().find(link.code()).await()).contains(link);
    assertThat(link.rules()).isEqualTo(draft(Optional.empty()).rules());
    assertThat(link.version()).isEqualTo(1);
    assertThat(links().find("nobody").await()).isEmpty();
  }

  @Test
  @DisplayName("A7: codes are case-sensitive and are never given again")
  void aCodeIsNeverGivenAgain() {
    var link = create(draft(Optional.of("Twice")));
    create(draft(Optional.of("twice")));
    change(link, State.DELETED);

    assertThat(links().create(draft(Optional.of("Twice"))).await())
        .isEqualTo(new Links.CodeTaken());
  }

  @Test
  @DisplayName("a change raises the version; a change of an older version is refused")
  void aChangeOfAnOlderVersionIsRefused() {
    var link = create();

    var changed = change(link, State.DISABLED);
    var late = change(link, State.DELETED);

    assertThat(changed.changed().map(Link::version)).contains(2);
    assertThat(late).isEqualTo(new Links.Outdated());
  }

  @Test
  @DisplayName("A5: the change list has links that were created, changed and deleted")
  void theChangeListHasChangedLinks() {
    var before = changedSince(Instant.EPOCH, Duration.ZERO, _ -> {});
    var link = create();
    change(link, State.DELETED);

    var seen = new ArrayList<Link>();
    changedSince(before, Duration.ZERO, seen::add);

    assertThat(seen).anyMatch(other -> other.code().equals(link.code()) && other.isDeleted());
  }

  @Test
  @DisplayName("A5: young changes are handed over again if the caller wants it")
  void youngChangesAreHandedOverAgain() {
    var before = create();
    var newest = create().updatedAt();

    var once = new ArrayList<Link>();
    var again = new ArrayList<Link>();
    changedSince(newest, Duration.ZERO, once::add);
    changedSince(newest, Duration.ofSeconds(20), again::add);

    assertThat(once).extracting(Link::code).doesNotContain(before.code());
    assertThat(again).extracting(Link::code).contains(before.code());
  }

  private Instant changedSince(Instant since, Duration again, Consumer<Link> consumer) {
    var incarnation = links().incarnation().await();
    return links().changedSince(incarnation, since, again, consumer).await();
  }

  @Test
  @DisplayName("R5: changes of another incarnation are refused")
  void changesOfAnotherIncarnation() {
    create();
    var seen = new ArrayList<Link>();

    var changes = links().changedSince("another", Instant.EPOCH, Duration.ZERO, seen::add);

    assertThatThrownBy(changes::await).isInstanceOf(Exception.class);
    assertThat(seen).isEmpty();
  }

  private List<Link> list(Links.Search search, int limit) {
    return links().list(search, limit).await().links();
  }

  @Test
  @DisplayName("a list has the newest link first and continues after the last page")
  void aListContinuesAfterAPage() {
    var first = create();
    var second = create();

    var page = list(Links.Search.all(owner()), 1);
    var next = list(Links.Search.all(owner()).before(second.id()), 1);

    assertThat(page).containsExactly(second);
    assertThat(next).containsExactly(first);
  }

  private LinkDraft named(String title, String externalId, String... tags) {
    var notes =
        Notes.NONE
            .withTitle(title)
            .withTags(tags)
            .withExternalId(externalId)
            .withClickLimit(1_000_000);
    return new LinkDraft(owner(), Optional.empty(), Rules.to("https://example.com/x"), notes);
  }

  @Test
  @DisplayName("A7: links are found by title, tags, external id and state")
  void linksAreFound() {
    var one = create(named("Spring tide", "crm-1", "spring", "news"));
    var other = create(named("Neap tide", "crm-2", "news"));
    var all = Links.Search.all(owner());

    assertThat(links().find(one.code()).await()).contains(one);
    assertThat(links().findExternal(owner(), "crm-1").await()).contains(one);
    assertThat(links().findExternal(owner(), "crm-3").await()).isEmpty();
    assertThat(list(all.text("TIDE"), 9)).containsExactly(other, one);
    assertThat(list(all.text("tide").tags("spring", "news"), 9)).containsExactly(one);
    assertThat(list(all.text("nothing like it"), 9)).isEmpty();
    var off = change(other, State.DISABLED).changed().orElseThrow();
    assertThat(list(all.before(other.id() + 1).state(State.DISABLED), 1)).containsExactly(off);
  }

  @Test
  @DisplayName("A7: links are listed by domain, domains by owner, and pages of domains in no list")
  void domains() {
    var name = "go.example.com";
    var none = create(draft(Optional.of("same")));
    var link = create(draft(Optional.of(Code.on("same", name))));
    var domain = put(domain(name, "front", "unknown"), Optional.empty());

    assertThat(list(Links.Search.all(owner()), 9)).containsExactly(link, none);
    assertThat(list(Links.Search.all(owner()).domain(name), 9)).containsExactly(link);
    assertThat(list(Links.Search.all(owner()).domain("no.example.com"), 9)).isEmpty();
    assertThat(links().domain(name).await()).contains(domain);
    assertThat(links().domain("no.example.com").await()).isEmpty();
    assertThat(links().domains(owner()).await()).containsExactly(domain);
    assertThat(links().domains(new OwnerId(1)).await()).isEmpty();
    var deleted = put(domain.deleted(), Optional.of(domain));
    assertThat(links().domains(owner()).await()).isEmpty();
    assertThat(links().domain(name).await()).contains(deleted);
  }

  private DomainDraft domain(String name, String front, String unknown) {
    return new DomainDraft(
        owner(),
        name,
        Rules.to("https://example.com/" + front),
        Rules.to("https://example.com/" + unknown));
  }

  private Domain put(DomainDraft draft, Optional<Domain> known) {
    return ((Links.DomainStored) links().put(draft, known).await()).domain();
  }

  @Test
  @DisplayName(
      "a domain is stored as it was put, and a page that does not change keeps its version")
  void aDomainIsStoredAsPut() {
    var first = put(domain("put.example.com", "front", "unknown"), Optional.empty());
    var draft = domain("put.example.com", "front", "other");
    var second = put(draft, Optional.of(first));

    assertThat(first.front().version()).isEqualTo(1);
    assertThat(second.front()).isEqualTo(first.front());
    assertThat(second.unknown().version()).isEqualTo(2);
    assertThat(second.unknown().rules()).isEqualTo(draft.unknown());
    assertThat(links().put(draft, Optional.empty()).await()).isInstanceOf(Links.NameTaken.class);
    assertThat(links().domain("put.example.com").await()).contains(second);
  }

  @Test
  @DisplayName("A7: of a domain that changed meanwhile neither page is written")
  void ofAnOutdatedDomainNeitherPageIsWritten() {
    var read = put(domain("late.example.com", "front", "unknown"), Optional.empty());
    var changed = put(domain("late.example.com", "front", "other"), Optional.of(read));

    var late = links().put(domain("late.example.com", "new", "new"), Optional.of(read)).await();

    assertThat(late).isInstanceOf(Links.Outdated.class);
    assertThat(links().domain("late.example.com").await()).contains(changed);
  }

  @Test
  @DisplayName("A7: of many links those with a free code and external id are created")
  void manyAreCreated() {
    var taken = create(named("a", "of many"));
    var drafts = new ArrayList<LinkDraft>();
    for (var code : List.of("many-1", "many-2", taken.code())) {
      drafts.add(draft(Optional.of(code)));
    }
    drafts.add(named("t", "of many", "x", "y").named("many-3"));
    drafts.add(named("t", "many more", "x", "y").named("many-4"));

    var opening = new Links.Opening(77, "yourls");
    var created = links().createAll(drafts, Map.of("many-2", opening)).await().links();

    assertThat(created)
        .extracting(Link::code)
        .containsExactlyInAnyOrder("many-1", "many-2", "many-4");
    for (var link : created) {
      assertThat(links().find(link.code()).await()).contains(link);
      assertThat(links().opening(link.id()).await())
          .isEqualTo(link.code().equals("many-2") ? Optional.of(opening) : Optional.empty());
    }
    assertThat(links().named(owner(), List.of("many-1"), List.of("many more", "none")).await())
        .extracting(Link::code)
        .containsExactlyInAnyOrder("many-1", "many-4");
  }

  private List<LinkDraft> drafts(int number, String prefix) {
    return IntStream.range(0, number)
        .mapToObj(index -> draft(Optional.of(prefix + index)))
        .toList();
  }

  @Test
  @DisplayName("an owner has at most as many links as its quota, deleted ones included")
  void anOwnerHasAQuota() {
    change(create(), State.DELETED);
    var limited = links(3);

    var created = limited.createAll(drafts(4, "quota-"), Map.of()).await();

    assertThat(created.links()).extracting(Link::code).containsExactly("quota-0", "quota-1");
    assertThat(created.overQuota()).isEqualTo(2);
    assertThat(limited.createAll(drafts(1, "none-"), Map.of()).await().overQuota()).isEqualTo(1);
    assertThat(limited.create(draft(Optional.empty())).await())
        .isEqualTo(new Links.QuotaExceeded());
    assertThat(links(4).create(draft(Optional.empty())).await().created()).isPresent();
  }

  @Test
  @DisplayName("imports at the same time cannot exceed the quota together")
  void importsCannotExceedTheQuotaTogether() {
    var limited = links(150);

    var one = limited.createAll(drafts(100, "one-"), Map.of());
    var other = limited.createAll(drafts(100, "other-"), Map.of());

    assertThat(one.await().links().size() + other.await().links().size()).isEqualTo(150);
    assertThat(one.await().overQuota() + other.await().overQuota()).isEqualTo(50);
  }

  @Test
  @DisplayName("A7: an external id names one link of an owner, and a deleted link frees it")
  void anExternalIdNamesOneLink() {
    var one = create(named("a", "twice"));
    var other = create(named("b", "once"));
    assertThat(links().create(named("b", "twice")).await()).isEqualTo(new Links.ExternalIdTaken());
    assertThat(links().change(other, other.rules(), one.notes()).await())
        .isEqualTo(new Links.ExternalIdTaken());

    change(one, State.DELETED);

    assertThat(links().findExternal(owner(), "twice").await()).isEmpty();
    assertThat(create(named("b", "twice")).notes().externalId()).contains("twice");
  }

  @Test
  @DisplayName("an idempotency key creates one link, for one request")
  void anIdempotencyKeyCreatesOneLink() {
    var draft = draft(Optional.empty());
    var first = once("a request", draft).created().orElseThrow();

    assertThat(once("a request", draft)).isEqualTo(new Actor.Replayed(first.code()));
    assertThat(once("another request", draft)).isEqualTo(new Actor.KeyReused());
  }

  protected final Links.Creation once(String request, LinkDraft draft) {
    var once = new Actor.Once(owner(), "a key", request);
    return links().by(new Actor("a caller", Optional.of(once))).create(draft).await();
  }
}
