package io.github.grokspring.redaction;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Detects values that must not be sent to xAI. Beans of this type are used in addition to
 * the built-in detection. Invoked on the calling or subscribing thread for every text of
 * a request. Implementations must be thread-safe and must not log the text.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Redactor {

	/**
	 * Finds private values in a text. Must return the same values for the same text,
	 * because placeholders would otherwise change during a conversation.
	 * @param text the text of a message, or a string in the JSON of a tool
	 * @return the values in any order; they may overlap
	 */
	List<DetectedValue> find(String text);

	/**
	 * Creates the built-in redactor, which takes time linear in the length of the text.
	 * @param detections the values to detect
	 * @param phoneRegions regions, such as {@code US}, whose phone numbers are also
	 * detected without a country code
	 * @return the redactor
	 * @throws IllegalArgumentException if a region is not supported
	 */
	static Redactor detecting(Set<Detection> detections, Set<String> phoneRegions) {
		return DetectingRedactor.create(detections, phoneRegions);
	}

	/**
	 * Creates a redactor that uses a regular expression. A search that exceeds the limit
	 * fails with a {@link io.github.grokspring.error.RedactionException}.
	 * @param kind the kind of matches
	 * @param pattern the expression
	 * @param limit time limit for all texts of a request together
	 * @return the redactor
	 */
	static Redactor matching(String kind, Pattern pattern, Duration limit) {
		return matching(kind, pattern, limit, System::nanoTime);
	}

	/**
	 * Creates a redactor that uses a regular expression and the given clock.
	 * @param kind the kind of matches
	 * @param pattern the expression
	 * @param limit time limit for all texts of a request together
	 * @param nanoTime the clock, in nanoseconds
	 * @return the redactor
	 */
	static Redactor matching(String kind, Pattern pattern, Duration limit, LongSupplier nanoTime) {
		return new PatternRedactor(Objects.requireNonNull(kind, "'kind' must not be null"),
				Objects.requireNonNull(pattern, "'pattern' must not be null"), limit.toNanos(), nanoTime);
	}

	/**
	 * Combines redactors.
	 * @param redactors the redactors; the first one determines the kind of overlapping
	 * values
	 * @return the combined redactor
	 */
	static Redactor all(List<? extends Redactor> redactors) {
		return new CompositeRedactor(List.copyOf(redactors));
	}

}
