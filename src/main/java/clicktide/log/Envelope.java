package clicktide.log;

import clicktide.event.Event;
import java.time.Instant;
import java.util.List;

/**
 * One record of the log: events of one partition, with the node that sent them, its time of
 * sending, and its oldest click that the log has not yet acknowledged. Without events it is a tick.
 */
public record Envelope(long node, Instant sentAt, Instant oldest, List<? extends Event> events) {}
