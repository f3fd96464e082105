package io.github.grokspring.wire;

import io.github.grokspring.chain.GrokChatOptions;

/**
 * Writes the sampling parameters, whose names are the same on both endpoints.
 *
 * @since 0.1.0
 */
public final class SamplingFields {

	private SamplingFields() {
	}

	/**
	 * Writes the parameters that are set.
	 * @param options the options of the request
	 * @param fields the writer
	 */
	public static void write(GrokChatOptions options, JsonFieldWriter fields) {
		fields.writeNumber("temperature", options.getTemperature());
		fields.writeNumber("top_p", options.getTopP());
		fields.writeNumber("top_k", options.getTopK());
		fields.writeNumber("seed", options.getSeed());
		fields.writeNumber("presence_penalty", options.getPresencePenalty());
		fields.writeNumber("frequency_penalty", options.getFrequencyPenalty());
		fields.writeNumber("top_logprobs", options.getTopLogprobs());
		fields.writeBoolean("logprobs", options.getLogprobs());
		fields.writeStrings("stop", options.getStopSequences());
	}

}
