package clicktide.deploy;

/** Check of the Java runtime: before 25.0.3, G1 corrupts zstd buffers (JDK-8377811). */
final class JavaVersion {
  private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");

  private JavaVersion() {}

  /** Throws {@link IllegalStateException} with a sentence for the operator if it is too old. */
  static void require(Runtime.Version version) {
    if (version.compareToIgnoreOptional(OLDEST) < 0) {
      throw new IllegalStateException(
          "Clicktide needs Java %s or newer, because older ones corrupt zstd buffers of Kafka's client (JDK-8377811). The Java in use is %s."
              .formatted(OLDEST, version));
    }
  }
}
