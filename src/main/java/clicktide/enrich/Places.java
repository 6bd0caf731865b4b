package clicktide.enrich;

import clicktide.count.Visit.Place;
import java.net.InetAddress;

/** Where an address is. */
public interface Places {
  /** Without a database nobody knows. */
  Places UNKNOWN = _ -> Place.UNKNOWN;

  Place of(InetAddress address);
}
