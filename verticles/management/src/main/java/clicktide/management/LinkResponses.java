package clicktide.management;

import clicktide.http.ApiResponse;
import clicktide.link.Link;
import clicktide.store.Links.Opening;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the responses that show one link. */
record LinkResponses(URI publicUrl, InstantSource clock) {
  ApiResponse created(Link link) {
    return ApiResponse.created(
        "/v1/links/" + link.code(), view(link, Optional.empty()), etag(link));
  }

  ApiResponse shown(Link link) {
    return shown(link, Optional.empty());
  }

  ApiResponse shown(Link link, Optional<Opening> opening) {
    return ApiResponse.kept(view(link, opening), etag(link), 0);
  }

  private LinkView view(Link link, Optional<Opening> opening) {
    return LinkView.of(link, opening, publicUrl, clock.instant());
  }

  String etag(Link link) {
    return LinkView.etag(link, clock.instant());
  }
}
