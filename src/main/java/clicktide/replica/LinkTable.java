package clicktide.replica;

import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Links by code and by id, up to a total weight. The weight of a link is an estimate of its bytes
 * on the heap. A link without room is left out, and with it its older version, so that no link is
 * outdated. Pages of domains are always kept: they decide which owner's links a host serves. For
 * any thread.
 */
final class LinkTable {
  /**
   * The bytes of a link, of its entries in both maps and of its optional times, without its texts.
   * 344 to 436 bytes were measured with compressed pointers.
   */
  private static final long FIXED = 450;

  private final long limit;
  private final AtomicLong weight = new AtomicLong();
  private final ConcurrentHashMap<String, Link> byCode = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, String> codes = new ConcurrentHashMap<>();
  private volatile boolean isPartial;

  LinkTable(long limit) {
    this.limit = limit;
  }

  /** Adds the part of a link that redirects need; the newer version stays. True if it changed. */
  boolean put(Link link) {
    var known = byCode.get(link.code());
    if (known != null && known.version() >= link.version()) {
      return false;
    }
    var wanted = link.isDeleted() ? tombstone(link) : link.withoutNotes();
    var kept = byCode.compute(link.code(), (_, old) -> newer(old, wanted));
    var isKept = wanted.equals(kept);
    if (isKept) {
      codes.put(kept.id(), kept.code());
    }
    return isKept || known != null;
  }

  /**
   * Returns the part of a deleted link that is still needed. Its code stays taken. A collector may
   * report clicks later, so the host of the destination remains.
   */
  private static Link tombstone(Link link) {
    var host = link.target().host();
    var rules =
        Rules.to(host.isEmpty() ? "" : "https://" + host)
            .withStatus(link.rules().status())
            .withState(State.DELETED)
            .withTracking(link.rules().tracking());
    return new Link(
        link.id(),
        link.code(),
        link.owner(),
        rules,
        Link.Notes.NONE,
        link.version(),
        link.createdAt(),
        link.updatedAt());
  }

  private Link newer(Link old, Link wanted) {
    if (old != null && old.version() >= wanted.version()) {
      return old;
    }
    var before = old == null ? 0 : weight(old);
    var growth = weight(wanted) - before;
    if (weight.addAndGet(growth) <= limit || growth <= 0 || wanted.isPage()) {
      return wanted;
    }
    weight.addAndGet(-weight(wanted));
    codes.remove(wanted.id());
    isPartial = true;
    return null;
  }

  private static long weight(Link link) {
    return FIXED + link.code().length() + link.rules().destination().length(); // ASCII
  }

  Optional<Link> get(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** Finds the code of a link by its id. */
  Optional<String> codeOf(long id) {
    return Optional.ofNullable(codes.get(id));
  }

  List<Link> all() {
    return List.copyOf(byCode.values());
  }

  /** Returns the total weight in bytes. */
  long weight() {
    return weight.get();
  }

  /** Returns true once a link was left out. */
  boolean isPartial() {
    return isPartial;
  }
}
