package io.github.grokspring.scrub;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.chain.ResponsesRequirements;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.scrub.Finding.Reason;
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

	private final FirstTimes warnings = new FirstTimes();

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
		Scrubbing scrubbing = judge(options, model, this.learned.of(name));
		if (scrubbing == null) {
			return null;
		}
		if (this.onUnsupported == OnUnsupported.FAIL) {
			failOn(scrubbing.findings(), name, model);
		}
		for (Finding finding : scrubbing.findings()) {
			if (this.warnings.isFirst(name, finding.field())) {
				logger.warn(Wording.warning(finding, name, model));
			}
		}
		return scrubbing.result();
	}

	private @Nullable Scrubbing judge(GrokChatOptions options, GrokModel model, Map<String, Set<String>> learned) {
		Scrubbing scrubbing = null;
		// By index, because an iterator is an object
		for (int i = 0; i < TypedOption.ALL.size(); i++) {
			TypedOption option = TypedOption.ALL.get(i);
			Object value = option.value(options);
			Finding finding = (value != null) ? judge(options, model, learned, option.field(), value) : null;
			if (finding != null && isActedUpon(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new Scrubbing(options);
				scrubbing.change(option, finding);
			}
		}
		if (options.getExtraBody().isEmpty()) {
			return scrubbing;
		}
		for (String field : options.getExtraBody().keySet()) {
			Finding finding = judgeExtra(options, model, learned, field);
			if (finding != null && isActedUpon(finding)) {
				scrubbing = (scrubbing != null) ? scrubbing : new Scrubbing(options);
				scrubbing.changeExtra(field, finding);
			}
		}
		return scrubbing;
	}

	private @Nullable Finding judgeExtra(GrokChatOptions options, GrokModel model, Map<String, Set<String>> learned,
			String field) {
		Finding finding = Rules.judgeExtra(model, learned, options, field);
		boolean repeated = finding != null && finding.reason() == Reason.REPEATED;
		return (!repeated && Rules.isTokenLimit(field)) ? judgeTokenLimit(options, model) : finding;
	}

	private @Nullable Finding judge(GrokChatOptions options, GrokModel model, Map<String, Set<String>> learned,
			String field, Object value) {
		return Rules.isTokenLimit(field) ? judgeTokenLimit(options, model) : Rules.judge(model, learned, field, value);
	}

	private @Nullable Finding judgeTokenLimit(GrokChatOptions options, GrokModel model) {
		return Rules.judgeTokenLimit(model, ResponsesRequirements.endpoint(options, this.catalog));
	}

	// What changes the meaning of a request is for xAI, or for the application, to
	// refuse. The token limit of the Responses API is one that a current model refuses: a
	// client that inherits it could never be answered.
	private boolean isActedUpon(Finding finding) {
		return finding.reason() == Reason.REPEATED || this.onUnsupported == OnUnsupported.FAIL
				|| Rules.mayBeLeftOut(finding.field())
				|| ReservedFields.tokenLimit(GrokApi.RESPONSES).equals(finding.field());
	}

	private static void failOn(List<Finding> findings, String name, GrokModel model) {
		List<Finding> unsupported = findings.stream().filter((finding) -> finding.reason() != Reason.REPEATED).toList();
		if (!unsupported.isEmpty()) {
			throw new UnsupportedParameterException(name, unsupported.stream().map(Finding::field).distinct().toList(),
					Wording.failure(unsupported, name, model));
		}
	}

	@Override
	public @Nullable String learn(GrokApiException refusal, GrokChatOptions sent) {
		String parameter = Rules.fieldOf(refusal);
		if (!this.learn || refusal.kind() != ErrorKind.UNSUPPORTED_PARAMETER || parameter == null
				|| !Rules.mayBeLeftOut(parameter) || !Rules.isSent(sent, parameter)) {
			return null;
		}
		String value = refusal.parameterValue();
		if (value != null) {
			String said = String.valueOf(Rules.valueOf(sent, parameter));
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
		logger.warn(Wording.lesson(parameter, value, name));
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
