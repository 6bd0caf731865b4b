package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Location;
import java.net.InetAddress;

/** Where an address is. */
public interface GeoLocator {
  Location of(InetAddress address);

  /** Names what it knows, so that one can say later who knew it; at most 32 characters. */
  String version();

  /** Without a database nobody knows. */
  GeoLocator UNKNOWN =
      new GeoLocator() {
        @Override
        public Location of(InetAddress address) {
          return Location.UNKNOWN;
        }

        @Override
        public String version() {
          return "none";
        }
      };
}
