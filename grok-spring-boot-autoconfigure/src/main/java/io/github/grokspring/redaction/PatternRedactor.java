package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.error.RedactionException;

/**
 * Finds what a regular expression of the application matches, and stops looking when that
 * takes too long.
 *
 * @param kind what matches are called
 * @param pattern the expression
 * @param limit how many nanoseconds a search may take
 * @param nanoTime the clock
 */
record PatternRedactor(String kind, Pattern pattern, long limit, LongSupplier nanoTime) implements Redactor {

	@Override
	public List<DetectedValue> find(String text) {
		return find(text, this.limit);
	}

	/**
	 * The same for the texts of one request, for which the limit holds together.
	 * @return a redactor for one thread
	 */
	Redactor forRequest() {
		return new Redactor() {

			private long left = PatternRedactor.this.limit;

			@Override
			public List<DetectedValue> find(String text) {
				long begun = PatternRedactor.this.nanoTime.getAsLong();
				List<DetectedValue> found = PatternRedactor.this.find(text, this.left);
				this.left -= PatternRedactor.this.nanoTime.getAsLong() - begun;
				return found;
			}

			@Override
			public String toString() {
				return PatternRedactor.this.toString();
			}

		};
	}

	private List<DetectedValue> find(String text, long left) {
		List<DetectedValue> found = new ArrayList<>(0);
		try {
			Matcher matcher = this.pattern.matcher(new TimeLimitedText(text, this.nanoTime, left));
			while (matcher.find()) {
				if (matcher.end() > matcher.start()) {
					found.add(new DetectedValue(this.kind, matcher.start(), matcher.end()));
				}
			}
		}
		catch (TimeLimitedText.InterruptedSearchException ex) {
			throw new RedactionException(Map.of(), "The pattern '" + this.kind
					+ "' for redaction was given up, because its thread was interrupted. The request was not sent.");
		}
		catch (TimeLimitedText.TimeUpException | StackOverflowError ex) {
			// Neither is kept as a cause: they lead to the text, and tell nothing more
			throw new RedactionException(Map.of(),
					"The pattern '" + this.kind + "' for redaction was given up on a text" + " of " + text.length()
							+ " characters, because it takes too many steps. The request was not sent;"
							+ " rewrite the expression without repetitions inside of repetitions.");
		}
		return found;
	}

	@Override
	public String toString() {
		return "PatternRedactor[" + this.kind + "]";
	}

}
