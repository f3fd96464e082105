package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.github.grokspring.error.RedactionException;

/**
 * Redactors that look at the same text. What overlaps becomes one finding that covers all
 * of it.
 *
 * @param redactors the redactors
 */
record JointRedactor(List<Redactor> redactors) implements Redactor {

	private static final Comparator<Finding> ORDER = Comparator.comparingInt(Finding::start)
		.thenComparing(Comparator.comparingInt(Finding::end).reversed());

	/**
	 * The same for one request, in which patterns have a limited time for all texts
	 * together.
	 * @param redactor what is asked
	 * @return what to ask for the texts of one request, on one thread
	 */
	static Redactor forRequest(Redactor redactor) {
		if (redactor instanceof JointRedactor joint) {
			return new JointRedactor(joint.redactors().stream().map(JointRedactor::forRequest).toList());
		}
		return (redactor instanceof PatternRedactor pattern) ? pattern.forRequest() : redactor;
	}

	@Override
	public List<Finding> find(String text) {
		List<Finding> found = new ArrayList<>(0);
		for (Redactor redactor : this.redactors) {
			List<Finding> more = redactor.find(text);
			if (!more.isEmpty()) {
				requireWithin(text, more, redactor);
				found.addAll(more);
			}
		}
		return merged(found);
	}

	private static void requireWithin(String text, List<Finding> findings, Redactor redactor) {
		for (Finding finding : findings) {
			if (finding.end() > text.length()) {
				throw new RedactionException(Map.of(),
						"The redactor " + redactor.getClass().getName() + " found a value of kind '" + finding.kind()
								+ "' beyond the end of the text. The request was not sent; repair the redactor.");
			}
		}
	}

	/**
	 * One finding for what overlaps, in the order of the text.
	 */
	static List<Finding> merged(List<Finding> findings) {
		if (findings.size() < 2) {
			return findings;
		}
		List<Finding> sorted = new ArrayList<>(findings);
		sorted.sort(ORDER);
		List<Finding> merged = new ArrayList<>(sorted.size());
		Finding last = sorted.get(0);
		for (Finding next : sorted.subList(1, sorted.size())) {
			if (next.start() >= last.end()) {
				merged.add(last);
				last = next;
			}
			else if (next.end() > last.end() || (next.contextual() && !last.contextual())) {
				last = new Finding(last.kind(), last.start(), Math.max(last.end(), next.end()),
						last.contextual() || next.contextual());
			}
		}
		merged.add(last);
		return merged;
	}

}
