package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.Locale;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.StringUtils;

/**
 * Properties of one client. What is {@code null} is taken from the default client, then
 * from {@link #DEFAULTS}, then from xAI.
 *
 * @param transport What carries requests to xAI
 * @param api Endpoint that answers
 * @param model Model that answers
 * @param system System prompt of every conversation that does not bring its own
 * @param temperature Randomness of sampling, from 0 to 2
 * @param topP Share of the most probable tokens that are sampled from, from 0 to 1
 * @param maxTokens Most visible tokens of an answer; reasoning is not counted
 * @param seed Seed for sampling, for answers that repeat as far as xAI can make them
 * @param stop Comma-separated list of texts at which an answer ends; refused by models
 * that reason
 * @param presencePenalty Penalty on tokens that have occurred, from -2 to 2; refused by
 * every current model
 * @param frequencyPenalty Penalty on tokens by how often they have occurred, from -2 to
 * 2; refused by every current model
 * @param reasoningEffort How long the model thinks, as the model allows
 * @param parallelToolCalls Whether the model may ask for several tool calls at once
 * @param serviceTier Tier in which requests are served; priority costs more
 * @param promptCache Whether the id of a conversation is sent, so that its requests meet
 * the server that still has its beginning cached
 * @param store Whether xAI keeps answers, so that later requests can go on from them
 * @param encryptedReasoning Whether reasoning is asked for in encrypted form and sent
 * back with the next turn; needs the Responses API
 * @param maxTurns Most rounds of server-side tools an answer may take; needs the
 * Responses API
 * @param structuredOutput checks of structured output and of tool arguments
 * @param tools Tools that run at xAI; they need the Responses API
 */
@ConfigurationProperties("grok.chat")
record GrokChatProperties(@Nullable Transport transport, @Nullable Api api, @Nullable String model,
		@Nullable String system, @Nullable Double temperature, @Nullable Double topP, @Nullable Integer maxTokens,
		@Nullable Integer seed, @Nullable List<String> stop, @Nullable Double presencePenalty,
		@Nullable Double frequencyPenalty, @Nullable ReasoningEffort reasoningEffort,
		@Nullable Boolean parallelToolCalls, @Nullable ServiceTier serviceTier, @Nullable Boolean promptCache,
		@Nullable Boolean store, @Nullable Boolean encryptedReasoning, @Nullable Integer maxTurns,
		@Nullable StructuredOutput structuredOutput, @NestedConfigurationProperty @Nullable GrokToolsProperties tools) {

	/**
	 * What applies when neither a client nor {@code grok.chat} says anything.
	 */
	static final GrokChatProperties DEFAULTS = new GrokChatProperties(Transport.NATIVE, Api.AUTO, "grok-4.3", null,
			null, null, null, null, null, null, null, null, null, null, true, false, false, null,
			new StructuredOutput(false, 2), null);

	/**
	 * Properties that say nothing.
	 */
	static final GrokChatProperties NOTHING = new GrokChatProperties(null, null, null, null, null, null, null, null,
			null, null, null, null, null, null, null, null, null, null, null, null);

	GrokChatProperties {
		model = StringUtils.hasText(model) ? model.strip() : null;
		system = StringUtils.hasText(system) ? system : null;
		stop = (stop != null) ? List.copyOf(stop) : null;
		requireRange("temperature", temperature, 0, 2);
		requireRange("top-p", topP, 0, 1);
		requireRange("presence-penalty", presencePenalty, -2, 2);
		requireRange("frequency-penalty", frequencyPenalty, -2, 2);
		if (maxTokens != null && maxTokens < 1) {
			throw new GrokConfigurationException("max-tokens", "is " + maxTokens + " but must be at least 1",
					"Write how many visible tokens an answer may have, or remove the property.");
		}
		if (maxTurns != null && maxTurns < 1) {
			throw new GrokConfigurationException("max-turns", "is " + maxTurns + " but must be at least 1",
					"Write how many rounds of tools an answer may take, or remove the property.");
		}
		if (stop != null && stop.stream().anyMatch(String::isEmpty)) {
			throw new GrokConfigurationException("stop", "contains an empty text",
					"Write texts at which an answer ends, or remove the property.");
		}
	}

	private static void requireRange(String name, @Nullable Double value, int from, int to) {
		if (value != null && !(value >= from && value <= to)) {
			throw new GrokConfigurationException(name, "is " + value + " but must be between " + from + " and " + to,
					"Write a number from " + from + " to " + to + ", or remove the property to leave it to xAI.");
		}
	}

	/**
	 * These properties, completed by others. Lists are replaced, not joined.
	 * @param defaults what is taken where these say nothing
	 * @return the properties that apply
	 */
	GrokChatProperties over(GrokChatProperties defaults) {
		return new GrokChatProperties(first(this.transport, defaults.transport), first(this.api, defaults.api),
				first(this.model, defaults.model), first(this.system, defaults.system),
				first(this.temperature, defaults.temperature), first(this.topP, defaults.topP),
				first(this.maxTokens, defaults.maxTokens), first(this.seed, defaults.seed),
				first(this.stop, defaults.stop), first(this.presencePenalty, defaults.presencePenalty),
				first(this.frequencyPenalty, defaults.frequencyPenalty),
				first(this.reasoningEffort, defaults.reasoningEffort),
				first(this.parallelToolCalls, defaults.parallelToolCalls),
				first(this.serviceTier, defaults.serviceTier), first(this.promptCache, defaults.promptCache),
				first(this.store, defaults.store), first(this.encryptedReasoning, defaults.encryptedReasoning),
				first(this.maxTurns, defaults.maxTurns),
				StructuredOutput.over(this.structuredOutput, defaults.structuredOutput),
				GrokToolsProperties.over(this.tools, defaults.tools));
	}

	private static <T> @Nullable T first(@Nullable T first, @Nullable T second) {
		return (first != null) ? first : second;
	}

	/**
	 * The options that every request of the client starts from.
	 * @return the options
	 */
	GrokChatOptions toOptions() {
		GrokChatOptions.Builder options = GrokChatOptions.builder();
		options.api(grokApi());
		options.model(this.model);
		options.temperature(this.temperature);
		options.topP(this.topP);
		options.maxTokens(this.maxTokens);
		options.seed(this.seed);
		options.stopSequences(this.stop);
		options.presencePenalty(this.presencePenalty);
		options.frequencyPenalty(this.frequencyPenalty);
		options.reasoningEffort(wireName(this.reasoningEffort));
		options.parallelToolCalls(this.parallelToolCalls);
		options.serviceTier(wireName(this.serviceTier));
		options.promptCache(this.promptCache);
		// What is not asked for is not stored, and need not be said to Chat Completions
		options.store(Boolean.TRUE.equals(this.store) ? true : null);
		options.encryptedReasoning(this.encryptedReasoning);
		options.maxTurns(this.maxTurns);
		if (this.tools != null) {
			options.serverTools(this.tools.toTools());
		}
		return options.build();
	}

	private static @Nullable String wireName(@Nullable Enum<?> value) {
		return (value != null) ? value.name().toLowerCase(Locale.ROOT) : null;
	}

	/**
	 * Shows which model, never the system prompt.
	 */
	@Override
	public String toString() {
		return "GrokChatProperties[transport=" + this.transport + ", api=" + this.api + ", model=" + this.model + "]";
	}

	private @Nullable GrokApi grokApi() {
		if (this.transport == Transport.SPRING_AI && this.api == Api.AUTO) {
			// There is nothing to choose
			return GrokApi.CHAT_COMPLETIONS;
		}
		return (this.api != null) ? GrokApi.valueOf(this.api.name()) : null;
	}

	/**
	 * Checks of structured output and of tool arguments.
	 *
	 * @param validate Whether structured output and the arguments of tool calls are
	 * validated against their schemas.
	 * @param maxAttempts Maximum number of attempts to get valid output or arguments,
	 * including the first.
	 */
	record StructuredOutput(@Nullable Boolean validate, @Nullable Integer maxAttempts) {

		StructuredOutput {
			if (maxAttempts != null && maxAttempts < 1) {
				throw new GrokConfigurationException("max-attempts", "is " + maxAttempts + " but must be at least 1",
						"Write how often the model may be asked, or remove the property.");
			}
		}

		static @Nullable StructuredOutput over(@Nullable StructuredOutput own, @Nullable StructuredOutput defaults) {
			if (own == null || defaults == null) {
				return (own != null) ? own : defaults;
			}
			return new StructuredOutput(first(own.validate, defaults.validate),
					first(own.maxAttempts, defaults.maxAttempts));
		}

	}

	/**
	 * What carries requests to xAI.
	 */
	enum Transport {

		/**
		 * The connection of this library.
		 */
		NATIVE,

		/**
		 * The OpenAI model of Spring AI. Chat Completions only.
		 */
		SPRING_AI

	}

	/**
	 * Endpoint that answers.
	 */
	enum Api {

		/**
		 * Chat Completions, and the Responses API for requests that need it.
		 */
		AUTO,

		/**
		 * Chat Completions.
		 */
		CHAT_COMPLETIONS,

		/**
		 * The Responses API.
		 */
		RESPONSES

	}

	/**
	 * How long a model thinks.
	 */
	enum ReasoningEffort {

		/**
		 * Not at all.
		 */
		NONE,

		/**
		 * Shortly.
		 */
		LOW,

		/**
		 * Longer.
		 */
		MEDIUM,

		/**
		 * Long.
		 */
		HIGH,

		/**
		 * As long as it takes.
		 */
		XHIGH

	}

	/**
	 * Tier in which requests are served.
	 */
	enum ServiceTier {

		/**
		 * Standard speed at standard price.
		 */
		DEFAULT,

		/**
		 * Served first, at a higher price.
		 */
		PRIORITY

	}

}
