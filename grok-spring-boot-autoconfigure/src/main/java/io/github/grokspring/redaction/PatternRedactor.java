package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.error.RedactionException;

/**
 * {@link Redactor} that uses a regular expression with a time limit.
 *
 * @param limit time limit of a search, in nanoseconds
 */
record PatternRedactor(String kind, Pattern pattern, long limit, LongSupplier nanoTime) implements Redactor {

	@Override
	public List<DetectedValue> find(String text) {
		return find(text, this.limit);
	}

	/**
	 * Returns a redactor for which the limit applies to all texts of a request together.
	 */
	Redactor forRequest() {
		return new Redactor() {

			private long remaining = PatternRedactor.this.limit;

			@Override
			public List<DetectedValue> find(String text) {
				long startedAt = PatternRedactor.this.nanoTime.getAsLong();
				List<DetectedValue> found = PatternRedactor.this.find(text, this.remaining);
				this.remaining -= PatternRedactor.this.nanoTime.getAsLong() - startedAt;
				return found;
			}

			@Override
			public String toString() {
				return PatternRedactor.this.toString();
			}

		};
	}

	private List<DetectedValue> find(String text, long remaining) {
		List<DetectedValue> found = new ArrayList<>(0);
		try {
			Matcher matcher = this.pattern.matcher(new TimeLimitedText(text, this.nanoTime, remaining));
			while (matcher.find()) {
				if (matcher.end() > matcher.start()) {
					found.add(new DetectedValue(this.kind, matcher.start(), matcher.end()));
				}
			}
		}
		catch (TimeLimitedText.InterruptedSearchException ex) {
			throw new RedactionException(Map.of(), "The redaction pattern '" + this.kind
					+ "' was cancelled because the thread was interrupted. The request was not sent.");
		}
		catch (TimeLimitedText.TimeUpException | StackOverflowError ex) {
			// No cause: its stack trace adds nothing and it could expose the text
			throw new RedactionException(Map.of(),
					"The redaction pattern '" + this.kind + "' was cancelled on a text of " + text.length()
							+ " characters because it takes too many steps. The request was not sent."
							+ " Rewrite the expression without nested repetitions.");
		}
		return found;
	}

	@Override
	public String toString() {
		return "PatternRedactor[" + this.kind + "]";
	}

}
