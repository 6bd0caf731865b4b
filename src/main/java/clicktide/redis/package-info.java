/** Live counts, newest clicks, tickets and shared limits in Redis. */
package clicktide.redis;
