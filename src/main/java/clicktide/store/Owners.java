package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Network;
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

  /** A stored key; {@code hash} is SHA-256 of the whole key in hexadecimal. */
  record Key(String prefix, String hash, OwnerId owner, Set<Scope> scopes) {}

  Future<Void> create(OwnerId owner, String name, Key key);

  Future<Boolean> exists(OwnerId owner);

  /** An owner, and the networks whose clicks it does not want counted. */
  record Owner(OwnerId id, String name, List<Network> ownNetworks, Instant createdAt) {}

  Future<Optional<Owner>> find(OwnerId owner);

  /** Changes what is there, and leaves the rest as it is; empty if there is no such owner. */
  Future<Optional<Owner>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks);

  Future<Optional<Key>> key(String prefix);
}
