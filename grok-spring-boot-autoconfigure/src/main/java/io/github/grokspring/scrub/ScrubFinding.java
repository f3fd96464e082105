package io.github.grokspring.scrub;

import org.jspecify.annotations.Nullable;

/**
 * A field of a request that must be removed or replaced.
 *
 * @param field the name of the field
 * @param reason the reason
 * @param effort the requested reasoning effort, {@code null} for other fields
 * @param replacement the value to send instead, {@code null} to remove the field
 */
record ScrubFinding(String field, Reason reason, @Nullable String effort, @Nullable String replacement) {

	ScrubFinding(String field, Reason reason) {
		this(field, reason, null, null);
	}

	enum Reason {

		/**
		 * The model rejects the field.
		 */
		REFUSED,

		/**
		 * The model ignores the field.
		 */
		IGNORED,

		/**
		 * The model does not support this value of the field.
		 */
		UNKNOWN_VALUE,

		/**
		 * xAI has rejected the field although the catalog allows it.
		 */
		LEARNED,

		/**
		 * The extra body contains a field that an option or the transport sets.
		 */
		REDUNDANT

	}

}
