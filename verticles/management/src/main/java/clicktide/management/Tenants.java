package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.Caller;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Owners;

/** Finds the owner that a call is about. */
record Tenants(Owners owners) {
  /** Returns the caller itself, or the owner in the parameters of the administrator's call. */
  static OwnerId of(ApiRequest call) {
    return switch (call.caller()) {
      case Caller.Owner self -> self.id();
      case Caller.Administrator _ ->
          call.query("ownerId")
              .flatMap(OwnerId::parse)
              .orElseThrow(
                  () ->
                      ApiRequest.invalid(
                          "ownerId", "`ownerId` is required for the administrator's key."));
    };
  }

  /** Raises a problem of 422 if there is no such owner. */
  void require(OwnerId owner) {
    if (!Await.on(owners.exists(owner))) {
      throw Problem.refused("unknown_owner", "`ownerId` must name an owner.").raised();
    }
  }
}
