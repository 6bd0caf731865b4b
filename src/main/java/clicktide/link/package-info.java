/** Short links: codes, domains, destinations and campaign parameters. */
package clicktide.link;
