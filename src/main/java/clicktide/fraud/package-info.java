/** Detection of fraud: click rates of addresses, and verdicts about them. */
package clicktide.fraud;
