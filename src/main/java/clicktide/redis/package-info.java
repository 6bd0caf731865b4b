/** Live counts, newest clicks and tickets and shared limits in Redis. */
package clicktide.redis;
