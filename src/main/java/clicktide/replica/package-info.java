/** The copy of all links that each node keeps in memory and on its disk. */
package clicktide.replica;
