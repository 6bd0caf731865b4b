package clicktide.bus;

/** Increments of the hot hour that cannot be read. Live windows need a new snapshot. */
public record LiveGap() {}
