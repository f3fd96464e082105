package io.github.grokspring.scrub;

import org.jspecify.annotations.Nullable;

/**
 * One field of a request that is not sent as it is.
 *
 * @param field name of the field
 * @param reason why not
 * @param effort the reasoning effort that is asked for, if it is about one
 * @param replacement what is sent instead, {@code null} for nothing
 */
record ScrubFinding(String field, Reason reason, @Nullable String effort, @Nullable String replacement) {

	ScrubFinding(String field, Reason reason) {
		this(field, reason, null, null);
	}

	/**
	 * Why a field is not sent as it is.
	 */
	enum Reason {

		/**
		 * The model answers it with an error.
		 */
		REFUSED,

		/**
		 * The model has no use for it.
		 */
		IGNORED,

		/**
		 * The model knows the parameter but not this value of it.
		 */
		UNKNOWN_VALUE,

		/**
		 * xAI refused it although the catalogue allows it.
		 */
		LEARNED,

		/**
		 * The extra body says what an option says, or what is not for it to say.
		 */
		REPEATED

	}

}
