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
 * Messages about removed or replaced parameters. They contain no values other than
 * reasoning efforts.
 */
final class ScrubMessages {

	private static final String EFFORT = ReasoningEfforts.FIELD;

	private static final String UNEXPECTED = "', although the catalog allows it; it is no longer sent";

	private ScrubMessages() {
	}

	/**
	 * Returns the log message for a removed or replaced parameter, including the effect.
	 */
	static String warning(ScrubFinding finding, String requested, GrokModel model) {
		String name = LogSanitizer.sanitize(requested);
		if (finding.reason() == Reason.REDUNDANT) {
			return redundant(LogSanitizer.sanitize(finding.field()), name);
		}
		String found = "Model '" + name + "' " + problem(finding, model);
		if (finding.replacement() != null) {
			return found + "; '" + finding.replacement() + "' is sent instead"
					+ effectOfReplacement(finding.replacement());
		}
		return found + "; it is not sent: " + effect(finding.field(), model) + ".";
	}

	/**
	 * Returns the log message for a parameter that xAI has rejected.
	 * @param rejected the rejected parameter
	 * @param value the rejected value, or {@code null} if all are rejected
	 * @param requested the model name of the request
	 * @return the message
	 */
	static String learned(String rejected, @Nullable String value, String requested) {
		String parameter = LogSanitizer.sanitize(rejected);
		String name = LogSanitizer.sanitize(requested);
		if (value == null) {
			return "xAI rejected '" + parameter + "' for model '" + name + UNEXPECTED
					+ ". To keep this across restarts, list all unsupported parameters in 'grok.models.[" + name
					+ "].unsupported-parameters'.";
		}
		if (EFFORT.equals(parameter) && ReasoningEfforts.isEffort(value)) {
			return "xAI rejected reasoning effort '" + value + "' for model '" + name + UNEXPECTED
					+ ". To keep this across restarts, list all supported efforts in 'grok.models.[" + name
					+ "].reasoning-efforts'.";
		}
		return "xAI rejected a value of '" + parameter + "' for model '" + name + UNEXPECTED + ".";
	}

	/**
	 * Returns the exception message for a request with unsupported parameters.
	 */
	static String failure(List<ScrubFinding> findings, String requested, GrokModel model) {
		String name = LogSanitizer.sanitize(requested);
		return "The request was not sent, because model '" + name + "' "
				+ findings.stream()
					.map((finding) -> problem(finding, model) + " (" + advice(finding, model) + ")")
					.collect(Collectors.joining(", "))
				+ ". To remove such parameters automatically, set 'grok.scrub.on-unsupported' to 'drop'.";
	}

	private static String redundant(String field, String name) {
		if (ReservedFields.TRANSPORT_FIELDS.contains(field)) {
			return "The extra body of a request to '" + name + "' contains '" + field
					+ "', which the library sets; it is not sent.";
		}
		return "The extra body of a request to '" + name + "' contains '" + field + "', which is already set; "
				+ ("max_tokens".equals(field) ? "'max_completion_tokens'" : "the option") + " is sent instead.";
	}

	private static String problem(ScrubFinding finding, GrokModel model) {
		String what = "'" + LogSanitizer.sanitize(finding.field()) + "'"
				+ ((finding.effort() != null) ? " '" + LogSanitizer.sanitize(finding.effort()) + "'" : "");
		return switch (finding.reason()) {
			case IGNORED -> "ignores " + what;
			case UNKNOWN_VALUE -> (finding.effort() != null) ? "does not support " + what + ", only " + efforts(model)
					: "does not support this value of " + what + ", only " + efforts(model);
			case LEARNED -> "has rejected " + what;
			default -> "does not support " + what;
		};
	}

	private static String advice(ScrubFinding finding, GrokModel model) {
		if (finding.reason() == Reason.UNKNOWN_VALUE) {
			return (finding.replacement() != null) ? "use '" + finding.replacement() + "'"
					: "use one of " + efforts(model);
		}
		return switch (finding.field()) {
			case "search_parameters" -> "remove it and use server-side tools instead of live search";
			case "stop" -> "remove it and truncate the response yourself, or choose a model that does not reason";
			case EFFORT -> "remove it, or choose a model that supports one";
			default -> "remove it";
		};
	}

	private static String efforts(GrokModel model) {
		return String.join(", ", model.reasoningEfforts());
	}

	private static String effectOfReplacement(String effort) {
		return "none".equals(effort) ? "." : ": the model reasons, and reasoning is billed as output.";
	}

	private static String effect(String field, GrokModel model) {
		return switch (field) {
			case "presence_penalty", "frequency_penalty" -> "use the prompt to prevent repetition";
			case "stop" -> "the response continues after these texts, and the additional text is billed";
			case "logprobs", "top_logprobs" -> "the response contains no log probabilities";
			case "logit_bias" -> "token probabilities are not adjusted";
			case "max_output_tokens" -> "the length of the response is not limited, and budgets reserve accordingly";
			case "n" -> "only one response is generated";
			case "search_parameters" -> "xAI has removed live search; use its server-side tools instead";
			case "seed" -> "responses to identical requests vary more";
			case "service_tier" -> "the request is served in the default tier, at its price";
			case "store" -> "the default of xAI applies";
			case EFFORT -> effectOfMissingEffort(model);
			default -> "the default of the model applies";
		};
	}

	private static String effectOfMissingEffort(GrokModel model) {
		if (model.reasoning() == Reasoning.NONE) {
			return "the model never reasons";
		}
		String effort = (model.defaultReasoningEffort() != null)
				? "the model's own default '" + model.defaultReasoningEffort() + "' applies"
				: "the model decides how long it reasons";
		return effort + ", and reasoning is billed as output";
	}

}
