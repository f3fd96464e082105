package io.github.grokspring.scrub;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.scrub.ScrubFinding.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Goes by the catalogue, and by what xAI refused in spite of it.
 */
final class CatalogScrubber implements Scrubber {

	private static final Log logger = LogFactory.getLog(Scrubber.class);

	private final ModelCatalog catalog;

	private final OnUnsupported onUnsupported;

	private final boolean learn;

	private final LearnedUnsupported learned;

	private final WarnOnce warnings = new WarnOnce();

	CatalogScrubber(ModelCatalog catalog, OnUnsupported onUnsupported, boolean learn) {
		this.catalog = catalog;
		this.onUnsupported = onUnsupported;
		this.learn = learn && onUnsupported == OnUnsupported.DROP;
		this.learned = new LearnedUnsupported(catalog::revision);
	}

	@Override
	public @Nullable Scrubbed scrub(GrokChatOptions options) {
		if (this.onUnsupported == OnUnsupported.PASS) {
			return null;
		}
		String name = nameOf(options);
		GrokModel model = this.catalog.get(name);
		ScrubbingBuilder scrubbing = judge(options, model, this.learned.of(name));
		if (scrubbing == null) {
			return null;
		}
		if (this.onUnsupported == OnUnsupported.FAIL) {
			failOn(scrubbing.findings(), name, model);
		}
		for (ScrubFinding finding : scrubbing.findings()) {
			if (this.warnings.isFirst(name, finding.field())) {
				logger.warn(ScrubMessages.warning(finding, name, model));
			}
		}
		return scrubbing.result();
	}

	private @Nullable ScrubbingBuilder judge(GrokChatOptions options, GrokModel model,
			Map<String, Set<String>> learned) {
		ScrubbingBuilder scrubbing = null;
		// By index, because an iterator is an object
		for (int i = 0; i < RequestParameter.ALL.size(); i++) {
			RequestParameter option = RequestParameter.ALL.get(i);
			Object value = option.value(options);
			ScrubFinding finding = (value != null) ? judge(options, model, learned, option.field(), value) : null;
			if (finding != null && isActedUpon(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new ScrubbingBuilder(options);
				scrubbing.change(option, finding);
			}
		}
		if (options.getExtraBody().isEmpty()) {
			return scrubbing;
		}
		for (String field : options.getExtraBody().keySet()) {
			ScrubFinding finding = judgeExtra(options, model, learned, field);
			if (finding != null && isActedUpon(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new ScrubbingBuilder(options);
				scrubbing.changeExtra(field, finding);
			}
		}
		return scrubbing;
	}

	private @Nullable ScrubFinding judgeExtra(GrokChatOptions options, GrokModel model,
			Map<String, Set<String>> learned, String field) {
		ScrubFinding finding = ParameterRules.judgeExtra(model, learned, options, field);
		boolean repeated = finding != null && finding.reason() == Reason.REPEATED;
		return (!repeated && ParameterRules.isTokenLimit(field)) ? judgeTokenLimit(options, model) : finding;
	}

	private @Nullable ScrubFinding judge(GrokChatOptions options, GrokModel model, Map<String, Set<String>> learned,
			String field, Object value) {
		return ParameterRules.isTokenLimit(field) ? judgeTokenLimit(options, model)
				: ParameterRules.judge(model, learned, field, value);
	}

	private @Nullable ScrubFinding judgeTokenLimit(GrokChatOptions options, GrokModel model) {
		return ParameterRules.judgeTokenLimit(model, EndpointSelector.select(options, this.catalog));
	}

	// What changes the meaning of a request is for xAI, or for the application, to
	// refuse. The token limit of the Responses API is one that a current model refuses: a
	// client that inherits it could never be answered.
	private boolean isActedUpon(ScrubFinding finding) {
		return finding.reason() == Reason.REPEATED || this.onUnsupported == OnUnsupported.FAIL
				|| ParameterRules.mayBeLeftOut(finding.field())
				|| ReservedFields.tokenLimit(GrokApi.RESPONSES).equals(finding.field());
	}

	private static void failOn(List<ScrubFinding> findings, String name, GrokModel model) {
		List<ScrubFinding> unsupported = findings.stream()
			.filter((finding) -> finding.reason() != Reason.REPEATED)
			.toList();
		if (!unsupported.isEmpty()) {
			throw new UnsupportedParameterException(name,
					unsupported.stream().map(ScrubFinding::field).distinct().toList(),
					ScrubMessages.failure(unsupported, name, model));
		}
	}

	@Override
	public @Nullable String learn(GrokApiException refusal, GrokChatOptions sent) {
		String parameter = ParameterRules.fieldOf(refusal);
		if (!this.learn || refusal.kind() != ErrorKind.UNSUPPORTED_PARAMETER || parameter == null
				|| !ParameterRules.mayBeLeftOut(parameter) || !ParameterRules.isSent(sent, parameter)) {
			return null;
		}
		String value = refusal.parameterValue();
		if (value != null) {
			String said = String.valueOf(ParameterRules.valueOf(sent, parameter));
			if (!value.isEmpty() && !value.equals(said)) {
				return null;
			}
			// Which value is refused need not be said: there is one in a request
			value = said;
		}
		String name = nameOf(sent);
		if (!this.learned.add(name, parameter, value)) {
			return null;
		}
		logger.warn(ScrubMessages.learned(parameter, value, name));
		// That it is left out from now on has been said with this
		this.warnings.isFirst(name, parameter);
		return parameter;
	}

	@Override
	public Map<String, Set<String>> learned() {
		return this.learned.all();
	}

	private static String nameOf(GrokChatOptions options) {
		return String.valueOf(options.getModel());
	}

}
