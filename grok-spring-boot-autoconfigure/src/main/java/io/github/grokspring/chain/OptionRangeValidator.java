package io.github.grokspring.chain;

import java.util.Map;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Validates numeric options against the ranges accepted by xAI, before anything is
 * reserved or sent.
 */
final class OptionRangeValidator {

	private static final int MAX_TOP_LOGPROBS = 8;

	private OptionRangeValidator() {
	}

	/**
	 * Validates the options of a request.
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} for the first
	 * value that is out of range
	 */
	static void validate(GrokChatOptions options) {
		Map<String, Object> extra = options.getExtraBody();
		between("temperature", "temperature", options.getTemperature(), extra, 0, 2);
		between("topP", "top_p", options.getTopP(), extra, 0, 1);
		between("presencePenalty", "presence_penalty", options.getPresencePenalty(), extra, -2, 2);
		between("frequencyPenalty", "frequency_penalty", options.getFrequencyPenalty(), extra, -2, 2);
		between("topLogprobs", "top_logprobs", options.getTopLogprobs(), extra, 0, MAX_TOP_LOGPROBS);
		atLeast("topK", "top_k", options.getTopK(), extra, 0);
		atLeast("n", "n", options.getN(), extra, 1);
		atLeast("maxTurns", "max_turns", options.getMaxTurns(), extra, 1);
		atLeast("maxTokens", "max_tokens", options.getMaxTokens(), extra, 1);
		atLeast("maxTokens", "max_completion_tokens", null, extra, 1);
		atLeast("maxTokens", "max_output_tokens", null, extra, 1);
	}

	private static void between(String option, String field, @Nullable Number value, Map<String, Object> extra,
			int from, int to) {
		check(option, field, value, from, to);
		if (!extra.isEmpty() && extra.get(field) instanceof Number number) {
			check(option, field, number, from, to);
		}
	}

	private static void atLeast(String option, String field, @Nullable Number value, Map<String, Object> extra,
			int from) {
		between(option, field, value, extra, from, Integer.MAX_VALUE);
	}

	private static void check(String option, String field, @Nullable Number value, int from, int to) {
		if (value == null || (value.doubleValue() >= from && value.doubleValue() <= to)) {
			return;
		}
		String range = (to == Integer.MAX_VALUE) ? "at least " + from : "between " + from + " and " + to;
		throw GrokApiException
			.builder(ErrorKind.INVALID_REQUEST, "'" + option + "' is " + value + " but must be " + range
					+ ". Nothing was sent to xAI. Change it in the options of the request" + property(option) + ".")
			.parameter(field)
			.sent(false)
			.build();
	}

	private static String property(String option) {
		return switch (option) {
			case "temperature" -> " or in 'grok.chat.temperature'";
			case "topP" -> " or in 'grok.chat.top-p'";
			case "presencePenalty" -> " or in 'grok.chat.presence-penalty'";
			case "frequencyPenalty" -> " or in 'grok.chat.frequency-penalty'";
			case "maxTokens" -> " or in 'grok.chat.max-tokens'";
			case "maxTurns" -> " or in 'grok.chat.max-turns'";
			default -> "";
		};
	}

}
