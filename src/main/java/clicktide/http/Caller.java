package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.store.Owners.Scope;
import java.util.Set;

/** Who calls the API, as their key says. */
public sealed interface Caller {
  /** May do everything for everybody. */
  record Administrator() implements Caller {}

  /** Sees its own things only; {@code key} is the prefix of its key. */
  record Owner(OwnerId id, String key, Set<Scope> scopes) implements Caller {}

  /** Who sends no key: sees nothing, but for what is shown to all. */
  static Caller anybody() {
    return new Owner(new OwnerId(Long.MIN_VALUE), "anybody", Set.of());
  }

  /** Whose share of what there is for all it takes: keys of an owner share theirs. */
  default OwnerId share() {
    return switch (this) {
      case Administrator _ -> new OwnerId(0);
      case Owner owner -> owner.id();
    };
  }

  /** As the audit log names it. */
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

  /** Whether things of that owner exist for this caller. */
  default boolean sees(OwnerId owner) {
    return switch (this) {
      case Administrator _ -> true;
      case Owner self -> self.id().equals(owner);
    };
  }
}
