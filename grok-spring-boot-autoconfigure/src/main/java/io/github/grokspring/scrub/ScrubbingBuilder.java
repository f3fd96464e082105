package io.github.grokspring.scrub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * Builds the {@link Scrubbed} result of a request. Not thread-safe.
 */
final class ScrubbingBuilder {

	private final GrokChatOptions options;

	private final List<ScrubFinding> findings = new ArrayList<>(2);

	private final GrokChatOptions.Builder changed;

	private @Nullable Map<String, Object> extraBody;

	ScrubbingBuilder(GrokChatOptions options) {
		this.options = options;
		this.changed = options.mutate();
	}

	void change(RequestParameter option, ScrubFinding finding) {
		this.findings.add(finding);
		if (finding.replacement() != null) {
			this.changed.reasoningEffort(finding.replacement());
		}
		else {
			option.unset(this.changed);
		}
	}

	/**
	 * Applies a finding to a field of the extra body. The field of the finding may have
	 * another name, that of the endpoint.
	 */
	void changeExtra(String field, ScrubFinding finding) {
		this.findings.add(finding);
		if (this.extraBody == null) {
			this.extraBody = new LinkedHashMap<>(this.options.getExtraBody());
		}
		if (finding.replacement() != null) {
			this.extraBody.put(field, finding.replacement());
		}
		else {
			this.extraBody.remove(field);
		}
	}

	List<ScrubFinding> findings() {
		return this.findings;
	}

	Scrubbed result() {
		if (this.extraBody != null) {
			this.changed.extraBody(this.extraBody);
		}
		Set<String> fields = new LinkedHashSet<>();
		this.findings.forEach((finding) -> fields.add(finding.field()));
		return new Scrubbed(this.changed.build(), List.copyOf(fields));
	}

}
