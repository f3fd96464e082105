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
 * {@link Scrubber} based on the model catalog and on parameters that xAI has rejected
 * although the catalog allows them.
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
		String name = modelOf(options);
		GrokModel model = this.catalog.get(name);
		ScrubbingBuilder scrubbing = check(options, model, this.learned.of(name));
		if (scrubbing == null) {
			return null;
		}
		if (this.onUnsupported == OnUnsupported.FAIL) {
			throwIfUnsupported(scrubbing.findings(), name, model);
		}
		for (ScrubFinding finding : scrubbing.findings()) {
			if (this.warnings.isFirst(name, finding.field())) {
				logger.warn(ScrubMessages.warning(finding, name, model));
			}
		}
		return scrubbing.result();
	}

	private @Nullable ScrubbingBuilder check(GrokChatOptions options, GrokModel model,
			Map<String, Set<String>> learned) {
		ScrubbingBuilder scrubbing = null;
		// Avoids the allocation of an iterator
		for (int i = 0; i < RequestParameter.ALL.size(); i++) {
			RequestParameter option = RequestParameter.ALL.get(i);
			Object value = option.value(options);
			ScrubFinding finding = (value != null) ? check(options, model, learned, option.field(), value) : null;
			if (finding != null && isApplicable(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new ScrubbingBuilder(options);
				scrubbing.change(option, finding);
			}
		}
		if (options.getExtraBody().isEmpty()) {
			return scrubbing;
		}
		for (String field : options.getExtraBody().keySet()) {
			ScrubFinding finding = checkExtraBody(options, model, learned, field);
			if (finding != null && isApplicable(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new ScrubbingBuilder(options);
				scrubbing.changeExtra(field, finding);
			}
		}
		return scrubbing;
	}

	private @Nullable ScrubFinding checkExtraBody(GrokChatOptions options, GrokModel model,
			Map<String, Set<String>> learned, String field) {
		ScrubFinding finding = ParameterRules.checkExtraBody(model, learned, options, field);
		boolean repeated = finding != null && finding.reason() == Reason.REDUNDANT;
		return (!repeated && ParameterRules.isTokenLimit(field)) ? checkTokenLimit(options, model) : finding;
	}

	private @Nullable ScrubFinding check(GrokChatOptions options, GrokModel model, Map<String, Set<String>> learned,
			String field, Object value) {
		return ParameterRules.isTokenLimit(field) ? checkTokenLimit(options, model)
				: ParameterRules.check(model, learned, field, value);
	}

	private @Nullable ScrubFinding checkTokenLimit(GrokChatOptions options, GrokModel model) {
		return ParameterRules.checkTokenLimit(model, EndpointSelector.select(options, this.catalog));
	}

	// Parameters that change the meaning of a request are left for xAI to reject. The
	// token
	// limit of the Responses API is removed nevertheless: with a model that does not
	// support
	// it, all calls of a client that inherits the limit would fail.
	private boolean isApplicable(ScrubFinding finding) {
		return finding.reason() == Reason.REDUNDANT || this.onUnsupported == OnUnsupported.FAIL
				|| ParameterRules.isRemovable(finding.field())
				|| ReservedFields.tokenLimit(GrokApi.RESPONSES).equals(finding.field());
	}

	private static void throwIfUnsupported(List<ScrubFinding> findings, String name, GrokModel model) {
		List<ScrubFinding> unsupported = findings.stream()
			.filter((finding) -> finding.reason() != Reason.REDUNDANT)
			.toList();
		if (!unsupported.isEmpty()) {
			throw new UnsupportedParameterException(name,
					unsupported.stream().map(ScrubFinding::field).distinct().toList(),
					ScrubMessages.failure(unsupported, name, model));
		}
	}

	@Override
	public @Nullable String learn(GrokApiException rejection, GrokChatOptions sent) {
		String parameter = ParameterRules.fieldOf(rejection);
		if (!this.learn || rejection.kind() != ErrorKind.UNSUPPORTED_PARAMETER || parameter == null
				|| !ParameterRules.isRemovable(parameter) || !ParameterRules.isSent(sent, parameter)) {
			return null;
		}
		String value = rejection.parameterValue();
		if (value != null) {
			String sentValue = String.valueOf(ParameterRules.valueOf(sent, parameter));
			if (!value.isEmpty() && !value.equals(sentValue)) {
				return null;
			}
			// The error may not name the value, but a request has only one
			value = sentValue;
		}
		String name = modelOf(sent);
		if (!this.learned.add(name, parameter, value)) {
			return null;
		}
		logger.warn(ScrubMessages.learned(parameter, value, name));
		// The message above announces the removal, so it is not logged again
		this.warnings.isFirst(name, parameter);
		return parameter;
	}

	@Override
	public Map<String, Set<String>> learned() {
		return this.learned.all();
	}

	private static String modelOf(GrokChatOptions options) {
		return String.valueOf(options.getModel());
	}

}
