/** The management API: links, domains, owners, keys, imports and the audit log. */
package clicktide.management;
