package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Place;
import java.net.InetAddress;

/** Where an address is. */
public interface GeoLocator {
  Place of(InetAddress address);

  /** Names what it knows, so that one can say later who knew it; at most 32 characters. */
  String version();

  /** Without a database nobody knows. */
  GeoLocator UNKNOWN =
      new GeoLocator() {
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
