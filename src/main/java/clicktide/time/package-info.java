/** Sources of time, which every other package receives as a parameter. */
package clicktide.time;
