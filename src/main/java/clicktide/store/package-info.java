/** Ports: the interfaces of the stores, and the values that pass through them. */
package clicktide.store;
