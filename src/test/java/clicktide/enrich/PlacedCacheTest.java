package clicktide.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A cache with four places for a key")
class PlacedCacheTest {
  /** A key that shares its places with all others. */
  private record AlikeKey(int number) {
    @Override
    public int hashCode() {
      return 7;
    }
  }

  private final PlacedCache<AlikeKey, Integer> cache = new PlacedCache<>(16);

  private List<Integer> found(int end) {
    return IntStream.range(0, end)
        .filter(number -> cache.get(new AlikeKey(number)).isPresent())
        .boxed()
        .toList();
  }

  @Test
  @DisplayName("keeps four keys with the same places, and replaces the oldest")
  void replacesTheOldest() {
    assertThat(found(6)).isEmpty();

    for (var number = 0; number < 6; number++) {
      assertThat(cache.get(new AlikeKey(number), AlikeKey::number)).isEqualTo(number);
    }

    assertThat(found(6)).containsExactly(2, 3, 4, 5);
    assertThat(cache.get(new AlikeKey(3), _ -> -1)).as("made once").isEqualTo(3);
  }
}
