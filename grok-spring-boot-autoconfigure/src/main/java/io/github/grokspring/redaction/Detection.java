package io.github.grokspring.redaction;

/**
 * Values that can be detected without configuring a pattern.
 *
 * @since 0.1.0
 */
public enum Detection {

	/**
	 * Keys and tokens of well-known services, private keys, passwords in connection
	 * strings, and random-looking values that are assigned to a name such as password or
	 * token.
	 */
	SECRETS("secret"),

	/**
	 * Payment card numbers.
	 */
	CREDIT_CARD("credit-card"),

	/**
	 * Email addresses.
	 */
	EMAIL("email"),

	/**
	 * International bank account numbers.
	 */
	IBAN("iban"),

	/**
	 * Phone numbers. Requires {@code com.googlecode.libphonenumber:libphonenumber}.
	 */
	PHONE("phone"),

	/**
	 * IPv4 and IPv6 addresses, except for loopback and unspecified ones.
	 */
	IP_ADDRESS("ip-address"),

	/**
	 * United States social security numbers.
	 */
	US_SSN("us-ssn");

	private final String kind;

	Detection(String kind) {
		this.kind = kind;
	}

	/**
	 * Returns the kind of the detected values.
	 * @return the kind
	 */
	public String kind() {
		return this.kind;
	}

}
