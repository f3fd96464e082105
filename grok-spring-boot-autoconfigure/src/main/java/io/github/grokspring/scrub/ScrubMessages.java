package io.github.grokspring.scrub;

import java.util.List;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.ReasoningEfforts;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.scrub.ScrubFinding.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What is said about parameters that are not sent. Of their values only reasoning efforts
 * are named.
 */
final class ScrubMessages {

	private static final String EFFORT = ReasoningEfforts.FIELD;

	private static final String UNEXPECTED = "', although the catalogue allows it; it is not sent any more";

	private ScrubMessages() {
	}

	/**
	 * What was left out or changed, and what that costs.
	 * @param finding what was found
	 * @param asked the name the model is asked by
	 * @param model the model
	 * @return a text for the log
	 */
	static String warning(ScrubFinding finding, String asked, GrokModel model) {
		String name = LogSanitizer.sanitize(asked);
		if (finding.reason() == Reason.REPEATED) {
			return repetition(LogSanitizer.sanitize(finding.field()), name);
		}
		String found = "Model '" + name + "' " + problem(finding, model);
		if (finding.replacement() != null) {
			return found + "; '" + finding.replacement() + "' is sent instead" + effectOfMove(finding.replacement());
		}
		return found + "; it is left out: " + effect(finding.field(), model) + ".";
	}

	/**
	 * What xAI refused.
	 * @param refused what was refused
	 * @param value the only value that was refused, or {@code null} if any was
	 * @param asked the name the model is asked by
	 * @return a text for the log
	 */
	static String learned(String refused, @Nullable String value, String asked) {
		String parameter = LogSanitizer.sanitize(refused);
		String name = LogSanitizer.sanitize(asked);
		if (value == null) {
			return "xAI refused '" + parameter + "' for model '" + name + UNEXPECTED
					+ ". To keep that over restarts, write all that the model refuses into 'grok.models.[" + name
					+ "].unsupported-parameters'.";
		}
		if (EFFORT.equals(parameter) && ReasoningEfforts.isEffort(value)) {
			return "xAI refused reasoning effort '" + value + "' for model '" + name + UNEXPECTED
					+ ". To keep that over restarts, write all that the model takes into 'grok.models.[" + name
					+ "].reasoning-efforts'.";
		}
		return "xAI refused a value of '" + parameter + "' for model '" + name + UNEXPECTED + ".";
	}

	/**
	 * Why a request was not sent.
	 * @param findings what was found
	 * @param asked the name the model is asked by
	 * @param model the model
	 * @return a text for the caller
	 */
	static String failure(List<ScrubFinding> findings, String asked, GrokModel model) {
		String name = LogSanitizer.sanitize(asked);
		return "The request was not sent, because model '" + name + "' "
				+ findings.stream()
					.map((finding) -> problem(finding, model) + " (" + advice(finding, model) + ")")
					.collect(Collectors.joining(", "))
				+ ". To have such parameters left out, set 'grok.scrub.on-unsupported' to 'drop'.";
	}

	private static String repetition(String field, String name) {
		if (ReservedFields.TRANSPORT_FIELDS.contains(field)) {
			return "The extra body of a request to '" + name + "' has '" + field
					+ "', which is not for it to say; it is left out.";
		}
		return "The extra body of a request to '" + name + "' has '" + field
				+ "', which is said already; it is left out and "
				+ (("max_tokens".equals(field)) ? "'max_completion_tokens'" : "the option") + " is sent.";
	}

	private static String problem(ScrubFinding finding, GrokModel model) {
		String what = "'" + LogSanitizer.sanitize(finding.field()) + "'"
				+ ((finding.effort() != null) ? " '" + LogSanitizer.sanitize(finding.effort()) + "'" : "");
		return switch (finding.reason()) {
			case IGNORED -> "ignores " + what;
			case UNKNOWN_VALUE -> (finding.effort() != null) ? "takes no " + what + ", only " + efforts(model)
					: "takes no such " + what + ", only " + efforts(model);
			case LEARNED -> "has refused " + what;
			default -> "refuses " + what;
		};
	}

	private static String advice(ScrubFinding finding, GrokModel model) {
		if (finding.reason() == Reason.UNKNOWN_VALUE) {
			return (finding.replacement() != null) ? "write '" + finding.replacement() + "'"
					: "write one of " + efforts(model);
		}
		return switch (finding.field()) {
			case "search_parameters" -> "remove it; server-side tools take the place of live search";
			case "stop" -> "remove it and cut the answer yourself, or choose a model that does not reason";
			case EFFORT -> "remove it, or choose a model that takes one";
			default -> "remove it";
		};
	}

	private static String efforts(GrokModel model) {
		return String.join(", ", model.reasoningEfforts());
	}

	private static String effectOfMove(String effort) {
		return "none".equals(effort) ? "." : ": the model thinks, and reasoning is billed as output.";
	}

	private static String effect(String field, GrokModel model) {
		return switch (field) {
			case "presence_penalty", "frequency_penalty" -> "only the prompt can keep the model from repeating itself";
			case "stop" -> "the answer goes on behind these texts, and what follows is billed";
			case "logprobs", "top_logprobs" -> "there are no log probabilities in the answer";
			case "logit_bias" -> "no token is more or less likely for it";
			case "max_output_tokens" -> "nothing limits how long the answer is, and budgets reserve for that";
			case "n" -> "there is one answer";
			case "search_parameters" -> "xAI has removed live search; use its server-side tools instead";
			case "seed" -> "answers to equal requests differ more";
			case "service_tier" -> "the request is served in the default tier, at its price";
			case "store" -> "xAI does what it does by default";
			case EFFORT -> effectOfNoEffort(model);
			default -> "the model does what it does without";
		};
	}

	private static String effectOfNoEffort(GrokModel model) {
		if (model.reasoning() == Reasoning.NONE) {
			return "it never thinks";
		}
		String effort = (model.defaultReasoningEffort() != null)
				? "the model's own default '" + model.defaultReasoningEffort() + "' applies"
				: "the model itself decides how long it thinks";
		return effort + ", and reasoning is billed as output";
	}

}
