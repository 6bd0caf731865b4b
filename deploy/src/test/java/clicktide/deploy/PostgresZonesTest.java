package clicktide.deploy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Zones on plain PostgreSQL")
class PostgresZonesTest extends ZonesContract {
  @Override
  Map<String, String> database() {
    return Map.of();
  }
}
