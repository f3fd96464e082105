package io.github.grokspring.test;

import tools.jackson.core.JsonGenerator;

/**
 * Tokens of an exchange. Completion tokens exclude reasoning; text tokens include cached
 * ones.
 */
record Usage(long promptTokens, long cachedTokens, long imageTokens, long completionTokens, long reasoningTokens) {

	private static final int PRIORITY_FACTOR = 2;

	long textTokens() {
		return Math.max(0, this.promptTokens - this.imageTokens);
	}

	long totalTokens() {
		return this.promptTokens + this.completionTokens + this.reasoningTokens;
	}

	/**
	 * Returns the cost in ticks (10^10 per US dollar).
	 */
	long costInTicks(Model model, boolean priority) {
		Model.Prices prices = model.pricesFor(this.promptTokens);
		long ticks = Math.max(0, textTokens() - this.cachedTokens) * prices.prompt()
				+ this.cachedTokens * prices.cached() + this.imageTokens * prices.prompt()
				+ (this.completionTokens + this.reasoningTokens) * prices.completion();
		return priority ? ticks * PRIORITY_FACTOR : ticks;
	}

	void write(JsonGenerator json, long costInTicks) {
		json.writeObjectPropertyStart("usage");
		json.writeNumberProperty("prompt_tokens", this.promptTokens);
		json.writeNumberProperty("completion_tokens", this.completionTokens);
		json.writeNumberProperty("total_tokens", totalTokens());
		json.writeObjectPropertyStart("prompt_tokens_details");
		json.writeNumberProperty("text_tokens", textTokens());
		json.writeNumberProperty("audio_tokens", 0);
		json.writeNumberProperty("image_tokens", this.imageTokens);
		json.writeNumberProperty("cached_tokens", this.cachedTokens);
		json.writeEndObject();
		json.writeObjectPropertyStart("completion_tokens_details");
		json.writeNumberProperty("reasoning_tokens", this.reasoningTokens);
		json.writeNumberProperty("audio_tokens", 0);
		json.writeNumberProperty("accepted_prediction_tokens", 0);
		json.writeNumberProperty("rejected_prediction_tokens", 0);
		json.writeEndObject();
		json.writeNumberProperty("num_sources_used", 0);
		json.writeNumberProperty("cost_in_usd_ticks", costInTicks);
		json.writeEndObject();
	}

}
