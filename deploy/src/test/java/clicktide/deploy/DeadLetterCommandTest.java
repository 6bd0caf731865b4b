package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command for dead letters")
@Timeout(120)
class DeadLetterCommandTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName("reads an embedded Kafka with the login in the data folder")
  void readsAnEmbeddedKafka() {
    var data = product.here.data.toString();

    assertThatCode(() -> DeadLetterCommand.run(Map.of(), List.of("list", "--data", data)))
        .doesNotThrowAnyException();
  }

  @Test
  @DisplayName("says what it needs if the data folder has none")
  void saysWhatItNeeds(@TempDir Path empty) {
    assertThatThrownBy(
            () -> DeadLetterCommand.run(Map.of(), List.of("list", "--data", empty.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLICKTIDE_KAFKA");
  }
}
