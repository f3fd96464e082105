package io.github.grokspring.redaction;

/**
 * What can be detected without being told how it looks.
 *
 * @since 0.1.0
 */
public enum Detection {

	/**
	 * Keys and tokens of well-known services, private keys, passwords in connection
	 * strings, and random-looking values that are called a password, token or the like.
	 */
	SECRETS("secret"),

	/**
	 * Numbers of payment cards.
	 */
	CREDIT_CARD("credit-card"),

	/**
	 * E-mail addresses.
	 */
	EMAIL("email"),

	/**
	 * International bank account numbers.
	 */
	IBAN("iban"),

	/**
	 * Phone numbers; needs {@code com.googlecode.libphonenumber:libphonenumber}.
	 */
	PHONE("phone"),

	/**
	 * IPv4 and IPv6 addresses, other than those of the machine itself.
	 */
	IP_ADDRESS("ip-address"),

	/**
	 * Social security numbers of the United States.
	 */
	US_SSN("us-ssn");

	private final String kind;

	Detection(String kind) {
		this.kind = kind;
	}

	/**
	 * What findings of it are called.
	 * @return the kind
	 */
	public String kind() {
		return this.kind;
	}

}
