package clicktide.redirect;

import clicktide.http.Request;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** A request that the HTTP server has read. */
record ServerRequest(HttpServerRequest request) implements Request {
  @Override
  public String uri() {
    return request.uri();
  }

  @Override
  public String path() {
    return request.path();
  }

  @Override
  public boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  @Override
  public String peer() {
    var address = request.remoteAddress().hostAddress();
    return address == null ? "" : address;
  }

  @Override
  public String header(Header header) {
    var value = request.getHeader(header.text());
    return value == null ? "" : value;
  }

  @Override
  public List<String> forwarded() {
    return request.headers().getAll("x-forwarded-for");
  }
}
