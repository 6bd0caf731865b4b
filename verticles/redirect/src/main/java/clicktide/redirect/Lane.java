package clicktide.redirect;

import clicktide.log.Journal;

/** An event loop's place in the identities of clicks, and the journal that is its own. */
public record Lane(long node, int boot, int number, Journal journal) {}
