/** IP addresses and networks, and the address of a client. */
package clicktide.net;
