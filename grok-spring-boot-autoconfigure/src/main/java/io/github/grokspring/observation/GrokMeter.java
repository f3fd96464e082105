package io.github.grokspring.observation;

import java.util.List;

/**
 * The meters of this library. Tags have few values: never a prompt, a user or the id of a
 * request.
 *
 * @since 0.1.0
 */
public enum GrokMeter {

	/**
	 * Requests that were sent without parameters which their model refuses, counted once
	 * for each parameter.
	 */
	PARAMETERS_SCRUBBED("grok.client.parameters.scrubbed",
			"Parameters left out or changed because the model refuses them", "model", "parameter"),

	/**
	 * Answers that came from another model than the one asked for.
	 */
	MODEL_REDIRECTED("grok.client.model.redirected", "Answers given by another model than the one asked for",
			"requested", "served"),

	/**
	 * Attempts that failed and were followed by another one.
	 */
	RETRIES("grok.client.retries", "Attempts that failed and were followed by another one", "client", "model",
			"reason"),

	/**
	 * Calls that went on with the next candidate.
	 */
	FALLBACKS("grok.client.fallbacks", "Calls that went on with the next candidate because one failed", "from", "to",
			"reason"),

	/**
	 * Time that requests waited for a limit of this application.
	 */
	RATE_LIMIT_WAIT("grok.client.ratelimit.wait", "Time waited for a limit of this application", "client", "limit");

	private final String id;

	private final String description;

	private final List<String> tags;

	GrokMeter(String id, String description, String... tags) {
		this.id = id;
		this.description = description;
		this.tags = List.of(tags);
	}

	/**
	 * The name of the meter.
	 * @return the name in Micrometer's spelling
	 */
	public String id() {
		return this.id;
	}

	/**
	 * What the meter tells.
	 * @return a phrase
	 */
	public String description() {
		return this.description;
	}

	/**
	 * The keys of its tags.
	 * @return the keys, all of which every measurement has
	 */
	public List<String> tags() {
		return this.tags;
	}

}
