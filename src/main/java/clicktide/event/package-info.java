/** Events and their parts: identities, subjects, times, and fields of newer versions. */
package clicktide.event;
