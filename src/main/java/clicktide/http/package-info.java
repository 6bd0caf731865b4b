/** The HTTP edge: ports, API routing, access, limits and problem responses. */
package clicktide.http;
