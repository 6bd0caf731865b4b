/** Counting as a pure function: dimensions, base rows, the live tally and visitor sketches. */
package clicktide.count;
