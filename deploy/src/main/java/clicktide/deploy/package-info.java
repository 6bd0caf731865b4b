/** The product as a process: its start, its parts in order, its health, and its commands. */
package clicktide.deploy;
