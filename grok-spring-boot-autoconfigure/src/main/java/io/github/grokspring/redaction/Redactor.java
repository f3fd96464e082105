package io.github.grokspring.redaction;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Finds what is to be kept from xAI. Beans of this type are asked in addition to the
 * built-in one. Called on the thread of the caller, or of the subscriber, once for each
 * text of a request; implementations are safe for use by several threads and must not log
 * what they see.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Redactor {

	/**
	 * Find private values in a text. The same text has to give the same findings, or
	 * placeholders change in the middle of a conversation.
	 * @param text the text of a message, or one text of the JSON of a tool
	 * @return what was found, in any order; findings may overlap
	 */
	List<DetectedValue> find(String text);

	/**
	 * The built-in redactor. Takes time in proportion to the length of a text, whatever
	 * is in it.
	 * @param detections what it looks for
	 * @param phoneRegions regions, such as {@code US}, whose phone numbers are also found
	 * when they are written without the code of their country
	 * @return a redactor
	 * @throws IllegalArgumentException if a region is not known
	 */
	static Redactor detecting(Set<Detection> detections, Set<String> phoneRegions) {
		return DetectingRedactor.create(detections, phoneRegions);
	}

	/**
	 * A redactor that finds what a regular expression matches. A search that takes longer
	 * than allowed, as expressions can that try many ways to match, is cut off with a
	 * {@link io.github.grokspring.error.RedactionException}.
	 * @param kind what matches are called
	 * @param pattern the expression
	 * @param limit how long the searches in the texts of one request may take together
	 * @return a redactor
	 */
	static Redactor matching(String kind, Pattern pattern, Duration limit) {
		return matching(kind, pattern, limit, System::nanoTime);
	}

	/**
	 * A redactor that finds what a regular expression matches, by a clock of one's own.
	 * @param kind what matches are called
	 * @param pattern the expression
	 * @param limit how long the searches in the texts of one request may take together
	 * @param nanoTime the clock, in nanoseconds
	 * @return a redactor
	 */
	static Redactor matching(String kind, Pattern pattern, Duration limit, LongSupplier nanoTime) {
		return new PatternRedactor(Objects.requireNonNull(kind, "'kind' must not be null"),
				Objects.requireNonNull(pattern, "'pattern' must not be null"), limit.toNanos(), nanoTime);
	}

	/**
	 * Several redactors as one, which finds what any of them finds.
	 * @param redactors the redactors; of findings that overlap, the name of the first one
	 * counts
	 * @return one redactor
	 */
	static Redactor all(List<? extends Redactor> redactors) {
		return new CompositeRedactor(List.copyOf(redactors));
	}

}
