package io.github.grokspring.redaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.grokspring.error.RedactionException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.Message;

/**
 * Redacts the messages of one request. All texts are searched before any of them is
 * changed, because a value that its context reveals as a secret in one text is a secret
 * in all of them. Not thread-safe.
 */
final class Redaction {

	private final Redactor redactor;

	private final RedactionMode mode;

	private final Queue<List<DetectedValue>> detected = new ArrayDeque<>();

	/** Kinds of the values that were detected by their context. */
	private final Map<String, String> contextual = new HashMap<>();

	private final Placeholders placeholders;

	private final Map<String, Integer> counts = new TreeMap<>();

	private boolean redacted;

	Redaction(Redactor redactor, RedactionMode mode, boolean restoreInUrls) {
		this.redactor = CompositeRedactor.forRequest(redactor);
		this.placeholders = new Placeholders(restoreInUrls);
		this.mode = mode;
	}

	/**
	 * Redacts messages.
	 * @return the messages to send, the same list if they contain no private values
	 */
	List<Message> redact(List<Message> messages) {
		messages.forEach((message) -> MessageTextMapper.map(message, this::search));
		if (this.counts.isEmpty()) {
			return messages;
		}
		if (this.mode == RedactionMode.FAIL) {
			throw rejection();
		}
		this.redacted = true;
		this.counts.clear();
		RepeatedValueFinder repeated = new RepeatedValueFinder(this.contextual);
		List<Message> result = new ArrayList<>(messages.size());
		messages
			.forEach((message) -> result.add(MessageTextMapper.map(message, (name, text) -> replace(text, repeated))));
		return result;
	}

	boolean isRedacted() {
		return this.redacted;
	}

	Map<String, Integer> counts() {
		return this.counts;
	}

	Placeholders placeholders() {
		return this.placeholders;
	}

	private String search(@Nullable String name, String text) {
		List<DetectedValue> findings = (name != null) ? findNamed(name, text) : this.redactor.find(text);
		this.detected.add(findings);
		for (DetectedValue finding : findings) {
			String value = text.substring(finding.start(), finding.end());
			this.counts.merge(finding.kind(), 1, Integer::sum);
			if (finding.contextual()) {
				this.contextual.putIfAbsent(value, finding.kind());
			}
			this.placeholders.of(finding.kind(), value);
		}
		return text;
	}

	// The name of a value may reveal what it is
	private List<DetectedValue> findNamed(String name, String text) {
		String before = name + "=";
		List<DetectedValue> findings = new ArrayList<>(0);
		for (DetectedValue finding : this.redactor.find(before + text)) {
			if (finding.end() > before.length()) {
				int start = Math.max(finding.start(), before.length());
				findings.add(new DetectedValue(finding.kind(), start, finding.end(), finding.contextual())
					.shift(-before.length()));
			}
		}
		return findings;
	}

	private String replace(String text, RepeatedValueFinder repeated) {
		List<DetectedValue> findings = new ArrayList<>(this.detected.remove());
		repeated.find(text, findings);
		if (this.mode == RedactionMode.REVERSIBLE) {
			findLiterals(text, findings);
		}
		return findings.isEmpty() ? text : replaced(text, CompositeRedactor.merge(findings));
	}

	private String replaced(String text, List<DetectedValue> findings) {
		StringBuilder redacted = new StringBuilder(text.length());
		int from = 0;
		for (DetectedValue finding : findings) {
			redacted.append(text, from, finding.start()).append(replacement(text, finding));
			from = finding.end();
			if (!finding.kind().equals(Placeholders.LITERAL)) {
				this.counts.merge(finding.kind(), 1, Integer::sum);
			}
		}
		return redacted.append(text, from, text.length()).toString();
	}

	private String replacement(String text, DetectedValue finding) {
		if (this.mode == RedactionMode.MASK) {
			return "[" + Placeholders.label(finding.kind()) + "]";
		}
		return this.placeholders.of(finding.kind(), text.substring(finding.start(), finding.end()));
	}

	// Text that looks like a placeholder gets one of its own, so that it is restored
	// unchanged
	private void findLiterals(String text, List<DetectedValue> findings) {
		for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', open + 1)) {
			int end = open + 1;
			int underscore = -1;
			while (Placeholders.isPart(Chars.at(text, end))) {
				underscore = (text.charAt(end) == '_') ? end : underscore;
				end++;
			}
			if (underscore > open + 1 && Chars.at(text, end) == ']' && end > underscore + 1
					&& Chars.endOfDigits(text, underscore + 1) == end
					&& isLabel(text.substring(open + 1, underscore))) {
				findings.add(new DetectedValue(Placeholders.LITERAL, open, end + 1, false));
			}
		}
	}

	private boolean isLabel(String written) {
		String label = written.toUpperCase(Locale.ROOT);
		return label.equals(Placeholders.label(Placeholders.LITERAL)) || this.placeholders.hasLabel(label);
	}

	private RedactionException rejection() {
		String kinds = this.counts.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + " of kind '" + entry.getKey() + "'")
			.collect(Collectors.joining(", "));
		return new RedactionException(this.counts, "The request was not sent because it contains private values: "
				+ kinds + ". Remove them, or set 'grok.redaction.mode' to 'reversible' or 'mask'.");
	}

}
