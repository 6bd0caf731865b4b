/** Load tests: bounded traffic against a running product, and an oracle of its answers. */
package clicktide.load;
