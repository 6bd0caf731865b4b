package clicktide.redirect;

import clicktide.link.Link;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** The result of resolving a request to a link. Immutable. */
sealed interface Resolution {
  /** A link, and the code that its click is recorded with. */
  record Match(Link link, String code) implements Resolution {
    static Match of(Link link) {
      return new Match(link, link.code());
    }
  }

  /** A result without a link. */
  enum NoLink implements Resolution {
    /** The request names no code at all. */
    WELCOME,
    /** No link has this code. */
    NOT_FOUND,
    /** The network of the client asked for too many codes that do not exist. */
    LIMITED,
    /** The store does not answer, or too many lookups are under way. */
    STORE_UNAVAILABLE
  }

  /**
   * A result that depends on the store, which {@code outcome} asks. The future never fails, is
   * completed on the event loop of the request, and never holds another {@code Pending}.
   */
  record Pending(Supplier<Future<Resolution>> outcome) implements Resolution {}
}
