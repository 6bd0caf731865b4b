package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.net.Network;
import clicktide.store.Await;
import clicktide.store.Owners;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Making owners, which is the administrator's, and what an owner decides for all of its links. */
final class OwnerRoutes {
  private static final int LONGEST_NAME = 200;
  private static final int MOST_NETWORKS = 100;
  private static final int LONGEST_NETWORK = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Owners owners;

  OwnerRoutes(Owners owners) {
    this.owners = owners;
  }

  /** A new owner. The key is shown this once; the store holds its hash only. */
  record Made(String ownerId, String name, String apiKey) {}

  /** An owner as the API shows it. */
  record OwnerView(String ownerId, String name, List<String> ownNetworks, String createdAt) {
    private static OwnerView of(Owners.Owner owner) {
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
    var owner = call.visibleOwner(owners::exists);
    var fields = Fields.of(call.json());
    var name = name(fields);
    if (fields.has("name") && name.isEmpty()) {
      fields.fault("name", "missing_field", "An owner needs a name.");
    }
    var networks = networks(fields);
    fields.finish();
    var changed = Await.on(owners.by(call.actor()).change(owner, name, networks));
    return ApiResponse.ok(
        OwnerView.of(changed.orElseThrow(() -> Problem.notFound("owner").raised())));
  }

  private Owners.Owner visible(ApiRequest call) {
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
                                "It is a list of networks like 203.0.113.0/24 or 2001:db8::/48."));
              }
              return networks;
            });
  }

  ApiResponse create(ApiRequest call) {
    var fields = Fields.of(call.json());
    var name = name(fields);
    if (name.isEmpty()) {
      fields.fault("name", "missing_field", "An owner needs a name.");
    }
    fields.finish();
    var owner = new OwnerId(RANDOM.nextLong(1, Long.MAX_VALUE));
    var key = ApiKey.random();
    var made = owners.by(call.actorOnce());
    Await.on(made.create(owner, name.orElseThrow(), key.first(owner)));
    return ApiResponse.created(
        "/v1/owners/" + owner, new Made(owner.toString(), name.get(), key.text()));
  }
}
