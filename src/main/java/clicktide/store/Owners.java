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

/** Owners and their API keys. It holds the prefix and a hash of a key, never the key. */
public interface Owners {
  /** A permission of a key. */
  enum Scope {
    LINKS_READ,
    LINKS_WRITE,
    ANALYTICS_READ,
    COLLECT,
    KEYS_WRITE,
    /** The administrator's: no owner's key has it. */
    ADMINISTER;

    /** The name in the API and in the store. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    /** Returns every scope that an owner's key can have. */
    public static Set<Scope> ofOwner() {
      return EnumSet.complementOf(EnumSet.of(ADMINISTER));
    }
  }

  /** The name of a key, its permissions, and its end. */
  record Terms(String name, Set<Scope> scopes, Optional<Instant> expiresAt) {
    public Terms {
      scopes = Set.copyOf(scopes);
    }
  }

  /** A stored key; {@code hash} is SHA-256 of the whole key in hexadecimal. */
  record Key(String prefix, String hash, OwnerId owner, Terms terms) {}

  /** Returns the same store with another author of its changes. */
  Owners by(Actor actor);

  /** Creates an owner with its first key. */
  Future<OwnerCreation> create(OwnerId owner, String name, Key key);

  /** The result of creating an owner. */
  sealed interface OwnerCreation permits OwnerCreated, Actor.Repeat {}

  /** The owner was created. */
  record OwnerCreated() implements OwnerCreation {}

  Future<Boolean> exists(OwnerId owner);

  /** An owner with the networks whose clicks it excludes. */
  record OwnerProfile(OwnerId id, String name, List<Network> ownNetworks, Instant createdAt) {}

  Future<Optional<OwnerProfile>> find(OwnerId owner);

  /** Changes the values that are present; the result is empty if there is no such owner. */
  Future<Optional<OwnerProfile>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks);

  /** Finds a key that is neither revoked nor expired. */
  Future<Optional<Key>> key(String prefix);

  /** Lists an owner's keys that are neither revoked nor expired, the newest first. */
  Future<List<Issued>> keys(OwnerId owner);

  /** Adds a key of an owner that exists. */
  Future<KeyCreation> addKey(Key key);

  /** The result of adding a key. */
  sealed interface KeyCreation permits Issued, TooManyKeys, CreatorHasEnded, Actor.Repeat {}

  /** A key with the time of its creation. */
  record Issued(Key key, Instant at) implements KeyCreation {}

  /** The owner has 100 keys already. */
  record TooManyKeys() implements KeyCreation {}

  /** The key of the actor was revoked or has expired. */
  record CreatorHasEnded() implements KeyCreation {}

  /**
   * Revokes a key for ever; the result is false if the owner has no such key. The descendants of a
   * key are the keys that it created, their descendants, and the successors of these by rotation.
   */
  Future<Boolean> revokeKey(OwnerId owner, String prefix, boolean withDescendants);

  /**
   * Adds a key and lets an old one of the same owner expire at {@code end}. The new key descends
   * from the actor and from the creators of the old key. The result is empty if the old key is
   * revoked, expired or rotated already, or if the key of the actor has ended.
   */
  Future<Optional<Issued>> rotateKey(String prefix, Instant end, Key key);
}
