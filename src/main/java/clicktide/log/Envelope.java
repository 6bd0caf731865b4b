package clicktide.log;

import clicktide.event.ClicksShed;
import clicktide.event.NodeReport;
import java.time.Instant;
import java.util.List;

/**
 * One record of the log: events of one partition, when they were sent, and what their node says of
 * itself. Without events it is a tick.
 */
public record Envelope(
    Instant sentAt, NodeReport report, List<EncodedClick> clicks, List<ClicksShed> shed) {}
