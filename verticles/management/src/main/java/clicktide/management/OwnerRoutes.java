package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.net.Network;
import clicktide.store.Actor;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The routes of owners. Only the administrator creates owners. */
final class OwnerRoutes {
  private static final int LONGEST_NAME = 200;
  private static final int MOST_NETWORKS = 100;
  private static final int LONGEST_NETWORK = 64;

  private final Owners owners;
  private final RandomGenerator random;

  OwnerRoutes(Owners owners, RandomGenerator random) {
    this.owners = owners;
    this.random = random;
  }

  /** A new owner. Its key is shown this once, since the store has only a hash. */
  record NewOwner(String ownerId, String name, String apiKey) {}

  /** An owner as the API shows it. */
  record OwnerView(String ownerId, String name, List<String> ownNetworks, String createdAt) {
    private static OwnerView of(Owners.OwnerProfile owner) {
      return new OwnerView(
          owner.id().toString(),
          owner.name(),
          owner.ownNetworks().stream().map(Network::text).toList(),
          owner.createdAt().toString());
    }
  }

  ApiResponse read(ApiRequest call) {
    return ApiResponse.ok(OwnerView.of(visible(call)));
  }

  ApiResponse change(ApiRequest call) {
    var fields = Fields.of(call.json());
    if (fields.has("ownNetworks")) {
      call.caller().require(Scope.KEYS_WRITE); // it ends the counting of clicks
    }
    var owner = call.visibleOwner(owners::exists);
    var name = name(fields);
    if (fields.has("name") && name.isEmpty()) {
      fields.fault("name", "missing_field", "`name` is required.");
    }
    var networks = networks(fields);
    fields.finish();
    var changed = Await.on(owners.by(call.actor()).change(owner, name, networks));
    var shown = OwnerView.of(changed.orElseThrow(() -> Problem.notFound("owner").raised()));
    return Tenants.changed(call, ApiResponse.ok(shown));
  }

  private Owners.OwnerProfile visible(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    return Await.on(owners.find(owner)).orElseThrow(() -> Problem.notFound("owner").raised());
  }

  private static Optional<String> name(Fields fields) {
    return fields.text("name", LONGEST_NAME).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static Optional<List<Network>> networks(Fields fields) {
    return fields
        .texts("ownNetworks", MOST_NETWORKS, LONGEST_NETWORK)
        .map(
            texts -> {
              var networks = new ArrayList<Network>();
              for (var text : texts) {
                Network.parse(text)
                    .ifPresentOrElse(
                        networks::add,
                        () ->
                            fields.fault(
                                "ownNetworks",
                                "invalid_network",
                                "`ownNetworks` must be a list of networks like 203.0.113.0/24 or 2001:db8::/48."));
              }
              return networks;
            });
  }

  ApiResponse create(ApiRequest call) {
    var fields = Fields.of(call.json());
    var name = name(fields);
    if (name.isEmpty()) {
      fields.fault("name", "missing_field", "`name` is required.");
    }
    fields.finish();
    var owner = new OwnerId(random.nextLong(1, Long.MAX_VALUE));
    var key = ApiKey.random(random);
    var creation =
        Await.on(owners.by(call.actorOnce()).create(owner, name.orElseThrow(), key.first(owner)));
    return switch (creation) {
      case Owners.OwnerCreated() ->
          ApiResponse.created(
              "/v1/owners/" + owner, new NewOwner(owner.toString(), name.get(), key.text()));
      case Actor.Repeat repeat -> throw RepeatedCall.problem(repeat);
    };
  }
}
