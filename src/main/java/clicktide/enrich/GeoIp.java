package clicktide.enrich;

import clicktide.count.Visit.Place;
import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Countries and regions from a database file in MaxMind's format, which the operator brings: with
 * {@code country.iso_code} and {@code subdivisions[0].iso_code}, or flat with {@code country_code}.
 */
public final class GeoIp implements Places, AutoCloseable {
  private final Reader reader;

  public GeoIp(Path file) throws IOException {
    reader = new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED, new CHMCache());
  }

  @Override
  public Place of(InetAddress address) {
    try {
      var found = reader.get(address, Map.class);
      return found == null ? Place.UNKNOWN : place(found);
    } catch (IOException | IllegalArgumentException _) {
      return Place.UNKNOWN; // a damaged file costs the country, not the click
    }
  }

  private static Place place(Map<?, ?> found) {
    var flat = text(found, "country_code");
    var country =
        flat.isEmpty() && found.get("country") instanceof Map<?, ?> map
            ? text(map, "iso_code")
            : flat;
    if (country.isEmpty()) {
      return Place.UNKNOWN;
    }
    var region =
        found.get("subdivisions") instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof Map<?, ?> first
            ? text(first, "iso_code")
            : "";
    return new Place(country, region);
  }

  private static String text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text ? text : "";
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
