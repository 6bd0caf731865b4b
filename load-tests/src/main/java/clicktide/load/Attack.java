package clicktide.load;

/** An attack of one finding of the security review, repeated against the running product. */
record Attack(String finding, String name, Steps steps) {

  /** The steps of an attack, on the threads that it needs. */
  @FunctionalInterface
  interface Steps {
    /** Attacks the target and records each answer and each broken promise. */
    void run(Target target, Seen seen) throws Exception;
  }
}
