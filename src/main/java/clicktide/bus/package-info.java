/** The typed event bus of a process, for messages that may be lost. */
package clicktide.bus;
