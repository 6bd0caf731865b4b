package clicktide.replica;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.LinkDraft;
import clicktide.store.Links;
import clicktide.store.MemoryLinks;
import clicktide.time.ManualTime;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The memory of a node for links")
class LinkMapTest {
  private static final String LONG = "https://example.com/" + "x".repeat(1_980);
  private static final String SHORT = "https://example.com/";
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final MemoryLinks store = new MemoryLinks();
  private LinkSnapshot snapshot;
  private LinkMap map;

  @BeforeEach
  void open() {
    snapshot = new LinkSnapshot(folder.resolve("links"));
    map = new LinkMap(snapshot, new ManualTime(Instant.EPOCH), MEGABYTE);
    map.follow(vertx, store).await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Link create(String destination) {
    var draft =
        new LinkDraft(TestClicks.OWNER, Optional.empty(), Rules.to(destination), Link.Notes.NONE);
    var link = store.create(draft).await().created().orElseThrow();
    map.put(link);
    return link;
  }

  private Link change(Link link, Rules rules) {
    var changed = store.change(link, rules, link.notes()).await().changed().orElseThrow();
    map.put(changed);
    return changed;
  }

  private Link delete(Link link) {
    return change(link, link.rules().withState(State.DELETED));
  }

  @Test
  @DisplayName("a deleted link keeps its code and the host of its destination, and no more")
  void aDeletedLinkIsSmall() {
    var table = new LinkTable(Long.MAX_VALUE);
    for (var number = 0; number < 1_000; number++) {
      var link = create(LONG);
      table.put(link);
      table.put(delete(link));
    }

    assertThat(table.weight()).isLessThan(500 * 1_000);
    assertThat(table.all()).hasSize(1_000).allMatch(Link::isDeleted);
    assertThat(table.all())
        .allMatch(link -> link.target().host().equals("example.com"))
        .allMatch(link -> table.codeOf(link.id()).equals(Optional.of(link.code())));
  }

  @Test
  @DisplayName("links take no more memory than their bound; others are found in the store")
  void linksAreBounded() {
    var table = new LinkTable(MEGABYTE);
    var last = create(LONG);
    for (var number = 0; number < 1_000; number++) {
      last = create(LONG);
      table.put(last);
    }

    assertThat(table.weight()).isBetween(MEGABYTE - 10_000, MEGABYTE);
    assertThat(table.isPartial()).isTrue();
    assertThat(map.isPartial()).isTrue();
    assertThat(map.get(last.code())).isEmpty();
    assertThat(map.codeOf(last.id())).isEmpty();
    assertThat(map.find(last.code()).await()).contains(last);
    store.goAway();
    assertThat(map.find(last.code()).failed()).isTrue();
  }

  @Test
  @DisplayName("a link that outgrows the memory is found in the store, not in its older version")
  void aLinkThatOutgrowsTheMemory() {
    var first = create(SHORT);
    for (var number = 0; number < 1_000; number++) {
      create(LONG);
    }

    var changed = change(first, Rules.to(LONG));

    assertThat(map.get(first.code())).isEmpty();
    assertThat(map.find(first.code()).await()).contains(changed);
  }

  @Test
  @DisplayName("a full memory still takes the pages of domains")
  void pagesOfDomainsAreAlwaysKept() {
    for (var number = 0; number < 1_000; number++) {
      create(LONG);
    }
    var draft = new DomainDraft(TestClicks.OWNER, "go.example.com", Rules.to(LONG), Rules.NOWHERE);
    var domain = ((Links.DomainStored) store.put(draft, Optional.empty()).await()).domain();

    map.put(domain.front());
    map.put(domain.unknown());

    assertThat(map.get(domain.front().code())).contains(domain.front());
    assertThat(map.domain("go.example.com")).contains(domain.unknown());
  }

  @Test
  @DisplayName("after a full memory the next process reads all links again")
  void theNextProcessReadsAllLinksAgain() {
    create(SHORT);
    map.save();
    var complete = snapshot.read(_ -> {}).orElseThrow();
    for (var number = 0; number < 1_000; number++) {
      create(LONG);
    }
    map.save();
    var partial = snapshot.read(_ -> {}).orElseThrow();

    assertThat(complete.seen()).isAfter(Instant.EPOCH);
    assertThat(partial.seen()).isEqualTo(Instant.EPOCH);
    assertThat(partial.links()).isBetween(100, 1_000);
  }

  @Test
  @DisplayName("R5: after a restore the links of the store are true, also in place of newer ones")
  void theLinksOfARestoredStoreAreTrue() {
    var kept = create(SHORT);
    var removed = create(SHORT);
    var changed = create(SHORT);
    var backup = List.of(kept, removed, changed);
    change(changed, Rules.to("https://newer.example.com/"));
    delete(removed);
    var lost = create(LONG);
    var draft = new DomainDraft(TestClicks.OWNER, "go.example.com", Rules.to(LONG), Rules.NOWHERE);
    var domain = ((Links.DomainStored) store.put(draft, Optional.empty()).await()).domain();
    map.put(domain.front());
    map.put(domain.unknown());

    store.restore(backup);

    eventually("the lost link is removed").until(() -> map.get(lost.code()).isEmpty());
    assertThat(map.codeOf(lost.id())).isEmpty();
    assertThat(map.get(changed.code())).contains(changed);
    assertThat(map.get(removed.code())).contains(removed);
    assertThat(map.hasDomains()).isFalse();
    map.put(
        changed.changed(Rules.to("https://again.example.com/"), changed.notes(), Instant.EPOCH));
    assertThat(map.get(changed.code()).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  @DisplayName("R5: a code that was given again leads to the new link, not to the lost one")
  void aCodeThatWasGivenAgain() {
    var lost = change(create(SHORT), Rules.to("https://lost.example.com/"));
    store.restore(List.of());
    var draft =
        new LinkDraft(TestClicks.OWNER, Optional.of(lost.code()), Rules.to(SHORT), Link.Notes.NONE);
    var again = store.create(draft).await().created().orElseThrow();

    map.put(again);

    assertThat(map.get(lost.code())).contains(again);
    assertThat(map.codeOf(lost.id())).isEmpty();
    assertThat(map.codeOf(again.id())).contains(again.code());
  }

  @Test
  @DisplayName(
      "R5: a process that was stopped during the restore does not use its snapshot further")
  void aSnapshotOfAnotherIncarnation() {
    var kept = create(SHORT);
    var lost = create(SHORT);
    map.save();
    var next = new LinkMap(snapshot, new ManualTime(Instant.EPOCH), MEGABYTE);
    assertThat(next.recall()).isTrue();
    assertThat(next.get(lost.code())).contains(lost);

    store.restore(List.of(kept));
    next.follow(vertx, store).await();

    assertThat(next.get(lost.code())).isEmpty();
    assertThat(next.get(kept.code())).contains(kept);
  }

  @Test
  @DisplayName("R5: links of a former primary do not remain if it answers one question more")
  void aFormerPrimaryAnswersOnceMore() {
    var lost = create(SHORT);
    var replacement = new MemoryLinks();
    replacement.restore(List.of());
    var both =
        (Links)
            Proxy.newProxyInstance(
                Links.class.getClassLoader(),
                new Class<?>[] {Links.class},
                (_, method, arguments) ->
                    method.invoke(
                        method.getName().equals("changedSince") ? store : replacement, arguments));
    var next = new LinkMap(snapshot, new ManualTime(Instant.EPOCH), MEGABYTE);
    next.put(lost);
    var replication = new Replication(next);

    replication.read(both).otherwiseEmpty().await();
    replication.read(replacement).await();

    assertThat(next.get(lost.code())).isEmpty();
  }
}
