package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import java.util.Set;

/** The caller of the API, as its key identifies it. */
public sealed interface Caller {
  /** The administrator: every scope, for every owner. */
  record Administrator() implements Caller {}

  /** A caller that sees its own things only; {@code key} is the prefix of its key. */
  record Owner(OwnerId id, String key, Set<Scope> scopes) implements Caller {}

  /** Returns the caller that a stored key identifies. */
  static Caller of(Owners.Key key) {
    return new Owner(key.owner(), key.prefix(), key.terms().scopes());
  }

  /** Returns the caller without a key, who sees only what is public. */
  static Caller anybody() {
    return new Owner(new OwnerId(Long.MIN_VALUE), "anybody", Set.of());
  }

  /** Returns the id that limits are counted by: keys of one owner share them. */
  default OwnerId share() {
    return switch (this) {
      case Administrator _ -> new OwnerId(0);
      case Owner owner -> owner.id();
    };
  }

  /** Returns the name in the audit log. */
  default String actor() {
    return switch (this) {
      case Administrator _ -> "administrator";
      case Owner owner -> owner.key();
    };
  }

  default boolean may(Scope scope) {
    return switch (this) {
      case Administrator _ -> true;
      case Owner owner -> owner.scopes().contains(scope);
    };
  }

  /** Raises a problem of 403 unless the key has the scope. */
  default void require(Scope scope) {
    if (!may(scope)) {
      throw Problem.forbidden("The API key must have the scope `%s`.".formatted(scope.key()))
          .raised();
    }
  }

  /** Returns true if things of that owner exist for this caller. */
  default boolean sees(OwnerId owner) {
    return switch (this) {
      case Administrator _ -> true;
      case Owner self -> self.id().equals(owner);
    };
  }
}
