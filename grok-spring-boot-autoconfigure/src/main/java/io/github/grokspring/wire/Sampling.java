package io.github.grokspring.wire;

import io.github.grokspring.chain.GrokChatOptions;

/**
 * The fields that say how tokens are chosen, which both endpoints call alike.
 *
 * @since 0.1.0
 */
public final class Sampling {

	private Sampling() {
	}

	/**
	 * Write what is set.
	 * @param options the options of the request
	 * @param fields where to
	 */
	public static void write(GrokChatOptions options, JsonFieldWriter fields) {
		fields.number("temperature", options.getTemperature());
		fields.number("top_p", options.getTopP());
		fields.number("top_k", options.getTopK());
		fields.number("seed", options.getSeed());
		fields.number("presence_penalty", options.getPresencePenalty());
		fields.number("frequency_penalty", options.getFrequencyPenalty());
		fields.number("top_logprobs", options.getTopLogprobs());
		fields.flag("logprobs", options.getLogprobs());
		fields.strings("stop", options.getStopSequences());
	}

}
