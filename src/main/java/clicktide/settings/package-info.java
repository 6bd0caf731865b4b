/** Settings from the environment and the command line. */
package clicktide.settings;
