package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Owners and their API keys. Of a key it holds the prefix and a hash, never the key. */
public interface Owners {
  /** What a key may do. */
  enum Scope {
    LINKS_READ,
    LINKS_WRITE,
    ANALYTICS_READ,
    COLLECT,
    KEYS_WRITE,
    /** Of the administrator only: no owner's key has it. */
    ADMINISTER;

    /** The name in the API and in the store. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    /** Every scope that an owner's key can have. */
    public static Set<Scope> ofOwner() {
      return EnumSet.complementOf(EnumSet.of(ADMINISTER));
    }
  }

  /** What a key is called, what it may do, and until when. */
  record Terms(String name, Set<Scope> scopes, Optional<Instant> expiresAt) {
    public Terms {
      scopes = Set.copyOf(scopes);
    }
  }

  /** A stored key; {@code hash} is SHA-256 of the whole key in hexadecimal. */
  record Key(String prefix, String hash, OwnerId owner, Terms terms) {}

  /** A key that was given out at a time. */
  record Issued(Key key, Instant at) {}

  /** The same store, whose changes are written down as this actor's. */
  Owners by(Actor actor);

  Future<Void> create(OwnerId owner, String name, Key key);

  Future<Boolean> exists(OwnerId owner);

  /** An owner, and the networks whose clicks it does not want counted. */
  record Owner(OwnerId id, String name, List<Network> ownNetworks, Instant createdAt) {}

  Future<Optional<Owner>> find(OwnerId owner);

  /** Changes what is there, and leaves the rest as it is; empty if there is no such owner. */
  Future<Optional<Owner>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks);

  /** A key that is neither revoked nor expired. */
  Future<Optional<Key>> key(String prefix);

  /** An owner's keys that have not ended, the newest first. */
  Future<List<Issued>> keys(OwnerId owner);

  /** Another key; fails with {@link TooManyKeys}. */
  Future<Issued> addKey(Key key);

  /** Whether the owner has such a key; from now on nobody can use it. */
  Future<Boolean> revokeKey(OwnerId owner, String prefix);

  /**
   * Another key instead of one, which ends then; empty if that one has ended, or has been rotated,
   * already.
   */
  Future<Optional<Issued>> rotateKey(String prefix, Instant end, Key key);

  /** An owner has as many keys as it may have. */
  final class TooManyKeys extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooManyKeys() {
      super("too many keys", null, false, false);
    }
  }
}
