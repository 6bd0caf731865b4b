package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import clicktide.store.Actor;
import clicktide.store.Owners;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store without an owner. */
public class NoOwners implements Owners {
  @Override
  public Owners by(Actor actor) {
    return this;
  }

  @Override
  public Future<OwnerCreation> create(OwnerId owner, String name, Key key) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Boolean> exists(OwnerId owner) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<Optional<OwnerProfile>> find(OwnerId owner) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Optional<OwnerProfile>> change(
      OwnerId owner, Optional<String> name, Optional<List<Network>> ownNetworks) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<List<Issued>> keys(OwnerId owner) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<KeyCreation> addKey(Key key) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Boolean> revokeKey(OwnerId owner, String prefix, boolean withDescendants) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<Optional<Issued>> rotateKey(String prefix, Instant end, Key key) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Optional<Key>> key(String prefix) {
    return Future.succeededFuture(Optional.empty());
  }
}
