package clicktide.enrich;

import clicktide.enrich.Visit.Place;
import java.net.InetAddress;

/** Where an address is. */
public interface Places {
  Place of(InetAddress address);

  /** Names what it knows, so that one can say later who knew it; at most 32 characters. */
  String version();

  /** Without a database nobody knows. */
  Places UNKNOWN =
      new Places() {
        @Override
        public Place of(InetAddress address) {
          return Place.UNKNOWN;
        }

        @Override
        public String version() {
          return "none";
        }
      };
}
