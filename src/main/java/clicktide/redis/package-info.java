/** Live counts, newest clicks and tickets in Redis. */
package clicktide.redis;
