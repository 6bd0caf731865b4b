package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Location;
import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * Countries and regions from a database of the operator in MaxMind's format, which may be replaced
 * at any time. Its fields are {@code country.iso_code} and {@code subdivisions[0].iso_code}, or
 * only {@code country_code}.
 */
public final class GeoIp implements GeoLocator {
  private final OperatorFile<GeoDatabase> file;

  /** {@code version} is the day on which the database was built. */
  private record GeoDatabase(Reader reader, String version) {}

  /** Opens the database. Throws if the file is none. */
  public GeoIp(Path file, InstantSource clock) throws IOException {
    this.file = new OperatorFile<>(file, GeoIp::read, clock);
  }

  /** Reads into memory, because truncating a mapped file would end the process. */
  private static GeoDatabase read(Path file) throws IOException {
    var reader = new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache());
    var built = reader.getMetadata().buildTime().atOffset(ZoneOffset.UTC).toLocalDate();
    return new GeoDatabase(reader, DateTimeFormatter.BASIC_ISO_DATE.format(built));
  }

  @Override
  public Location of(InetAddress address) {
    try {
      var found = file.current().reader.get(address, Map.class);
      return found == null ? Location.UNKNOWN : location(found);
    } catch (IOException | IllegalArgumentException _) {
      return Location.UNKNOWN; // a damaged file costs the country, not the click
    }
  }

  /** Returns the day on which the database was built. */
  @Override
  public String version() {
    return file.current().version;
  }

  private static Location location(Map<?, ?> found) {
    var flat = text(found, "country_code");
    var country =
        flat.isEmpty() && found.get("country") instanceof Map<?, ?> map
            ? text(map, "iso_code")
            : flat;
    if (country.isEmpty()) {
      return Location.UNKNOWN;
    }
    var region =
        found.get("subdivisions") instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof Map<?, ?> first
            ? text(first, "iso_code")
            : "";
    return new Location(country, region);
  }

  private static String text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text ? text : "";
  }
}
