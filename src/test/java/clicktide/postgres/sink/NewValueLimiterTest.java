package clicktide.postgres.sink;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.BaseRows;
import clicktide.embedded.TestServers;
import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.postgres.MigratedDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C3: the new values of an owner and day are limited")
class NewValueLimiterTest {
  private static final Instant NOW = RollupRig.NOW;

  private final Dictionary dictionary = new Dictionary(new NewValueLimiter(3));
  private RollupRig rig;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    rig = new RollupRig(URI.create(MigratedDatabase.on(TestServers.endpoints().postgres())));
    connection = rig.database.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    rig.close();
  }

  @Test
  @DisplayName("further values are others, those that are known keep their numbers")
  void furtherValuesAreOthers() throws SQLException {
    assertThat(campaigns(1, NOW, "a", "b")).containsExactly("a", "b");
    assertThat(campaigns(1, NOW, "c", "d", "a")).containsExactly("c", Dimension.OTHER, "a");
    assertThat(campaigns(2, NOW, "d", "e")).containsExactly("d", "e");
  }

  @Test
  @DisplayName("a value stays refused that another owner has added since")
  void aRefusedValueStaysRefused() throws SQLException {
    assertThat(campaigns(1, NOW, "a", "b", "c", "d")).endsWith(Dimension.OTHER);
    assertThat(campaigns(2, NOW, "d")).containsExactly("d");
    assertThat(campaigns(1, NOW, "d", "a")).containsExactly(Dimension.OTHER, "a");
    assertThat(campaigns(1, NOW.plus(Duration.ofDays(1)), "d")).containsExactly("d");
  }

  /** The values under whose numbers the campaigns of an owner are counted. */
  private List<String> campaigns(long owner, Instant at, String... campaigns) throws SQLException {
    var cells = Arrays.stream(campaigns).map(campaign -> cell(owner, at, campaign)).toList();
    var numbers = dictionary.numbers(connection, cells);
    var found = new ArrayList<String>();
    for (var cell : cells) {
      var id = numbers.get(cell)[Dimension.CAMPAIGN.index()];
      found.addAll(rig.ask("SELECT value FROM dimension_value WHERE id = " + id));
    }
    return found;
  }

  private static BaseRows.Cell cell(long owner, Instant at, String campaign) {
    var nothing = ClickValues.of(Collections.nCopies(Dimension.values().length, ""));
    var values = nothing.with(Dimension.CAMPAIGN, campaign);
    return new BaseRows.Cell(Minute.of(at), 1, new OwnerId(owner), values);
  }
}
