package clicktide.query;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import com.fasterxml.jackson.annotation.JsonInclude;

/** The holder of a key, so that a page can start with nothing but a key. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Me(String role, String ownerId) {
  static ApiResponse answer(ApiRequest call) {
    return ApiResponse.ok(
        switch (call.caller()) {
          case Caller.Administrator _ -> new Me("administrator", null);
          case Caller.Owner owner -> new Me("owner", owner.id().toString());
        });
  }
}
