/** Answers to short links, from the memory and the disk of this node alone. */
package clicktide.redirect;
