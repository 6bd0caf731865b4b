package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;

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

  /** Returns the response to a change, without its body for a key that cannot read links. */
  static ApiResponse changed(ApiRequest call, ApiResponse response) {
    return call.caller().may(Scope.LINKS_READ) ? response : response.withoutBody();
  }

  /** Raises a problem of 422 if there is no such owner. */
  void require(OwnerId owner) {
    if (!Await.on(owners.exists(owner))) {
      throw Problem.refused("unknown_owner", "`ownerId` must name an owner.").raised();
    }
  }
}
