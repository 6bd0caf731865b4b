package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Location;
import java.net.InetAddress;

/** A locator of addresses. */
public interface GeoLocator {
  Location of(InetAddress address);

  /** Returns the version of the data, which is kept with the result; at most 32 characters. */
  String version();

  /** The locator without a database. */
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
