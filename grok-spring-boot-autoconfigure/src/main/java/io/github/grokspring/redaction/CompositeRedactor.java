package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.github.grokspring.error.RedactionException;

/**
 * Combines redactors. Overlapping values are merged.
 */
record CompositeRedactor(List<Redactor> redactors) implements Redactor {

	private static final Comparator<DetectedValue> ORDER = Comparator.comparingInt(DetectedValue::start)
		.thenComparing(Comparator.comparingInt(DetectedValue::end).reversed());

	/**
	 * Returns a redactor for the texts of one request, in which the time limit of a
	 * pattern applies to all texts together.
	 */
	static Redactor forRequest(Redactor redactor) {
		if (redactor instanceof CompositeRedactor composite) {
			return new CompositeRedactor(composite.redactors().stream().map(CompositeRedactor::forRequest).toList());
		}
		return (redactor instanceof PatternRedactor pattern) ? pattern.forRequest() : redactor;
	}

	@Override
	public List<DetectedValue> find(String text) {
		List<DetectedValue> found = new ArrayList<>(0);
		for (Redactor redactor : this.redactors) {
			List<DetectedValue> more = redactor.find(text);
			if (!more.isEmpty()) {
				requireWithin(text, more, redactor);
				found.addAll(more);
			}
		}
		return merge(found);
	}

	private static void requireWithin(String text, List<DetectedValue> findings, Redactor redactor) {
		for (DetectedValue finding : findings) {
			if (finding.end() > text.length()) {
				throw new RedactionException(Map.of(),
						"The redactor " + redactor.getClass().getName() + " returned a value of kind '" + finding.kind()
								+ "' that exceeds the text. The request was not sent. Fix the redactor.");
			}
		}
	}

	/**
	 * Merges overlapping values and sorts them by position.
	 */
	static List<DetectedValue> merge(List<DetectedValue> findings) {
		if (findings.size() < 2) {
			return findings;
		}
		List<DetectedValue> sorted = new ArrayList<>(findings);
		sorted.sort(ORDER);
		List<DetectedValue> merged = new ArrayList<>(sorted.size());
		DetectedValue last = sorted.get(0);
		for (DetectedValue next : sorted.subList(1, sorted.size())) {
			if (next.start() >= last.end()) {
				merged.add(last);
				last = next;
			}
			else if (next.end() > last.end() || (next.contextual() && !last.contextual())) {
				last = new DetectedValue(last.kind(), last.start(), Math.max(last.end(), next.end()),
						last.contextual() || next.contextual());
			}
		}
		merged.add(last);
		return merged;
	}

}
