package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Location;
import clicktide.net.Network;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.Optional;

/** Finds the locations of addresses and the hashes of their visitors. For any thread. */
final class AddressLookup {
  private static final int PLACES = 1 << 17; // about 25 MB

  private final GeoLocator locator;
  private final VisitorHash visitors;
  private final PlacedCache<String, AddressFindings> recent = new PlacedCache<>(PLACES);

  AddressLookup(GeoLocator locator, VisitorHash visitors) {
    this.locator = locator;
    this.visitors = visitors;
  }

  /** The hash is one of {@code day} under {@code key}; {@code places} is the locator's version. */
  record AddressFindings(
      Optional<InetAddress> literal,
      Location location,
      String places,
      LocalDate day,
      Optional<byte[]> key,
      long visitor) {
    private static final AddressFindings NONE =
        new AddressFindings(
            Optional.empty(), Location.UNKNOWN, "", LocalDate.EPOCH, Optional.empty(), 0);
  }

  /** Returns the findings about a text, which may be no address. */
  AddressFindings of(String address, LocalDate day) {
    if (address.isEmpty()) {
      return AddressFindings.NONE;
    }
    var key = visitors.key(day);
    var known = recent.get(address);
    if (known.isPresent() && isValid(known.get(), day, key)) {
      return known.get();
    }
    var literal = Network.literal(address);
    var findings =
        new AddressFindings(
            literal,
            literal.map(locator::of).orElse(Location.UNKNOWN),
            locator.version(),
            day,
            key,
            literal.isPresent() && key.isPresent() ? VisitorHash.of(literal.get(), key.get()) : 0);
    recent.put(address, findings);
    return findings;
  }

  /** Keys are compared by identity, so a key that was read again costs one hash. */
  private boolean isValid(AddressFindings known, LocalDate day, Optional<byte[]> key) {
    return known.key.orElse(null) == key.orElse(null)
        && known.day.equals(day)
        && known.places.equals(locator.version());
  }
}
