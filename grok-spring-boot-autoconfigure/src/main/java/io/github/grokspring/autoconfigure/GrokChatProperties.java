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
 * Properties of a client. Properties that are {@code null} are inherited from the default
 * client, then from {@link #DEFAULTS}, and otherwise left to xAI.
 *
 * @param transport Transport that sends requests to xAI.
 * @param api Endpoint that requests are sent to.
 * @param model Model to use.
 * @param system System prompt of conversations that do not set their own.
 * @param temperature Sampling temperature, from 0 to 2.
 * @param topP Cumulative probability of the tokens to sample from, from 0 to 1.
 * @param maxTokens Maximum number of visible tokens per response. Reasoning tokens do not
 * count.
 * @param seed Seed for sampling, for responses that are reproducible on a best-effort
 * basis.
 * @param stop Comma-separated list of stop sequences. Rejected by reasoning models.
 * @param presencePenalty Penalty for tokens that have already occurred, from -2 to 2.
 * Rejected by all current models.
 * @param frequencyPenalty Penalty for tokens by the number of times they have occurred,
 * from -2 to 2. Rejected by all current models.
 * @param reasoningEffort Effort that the model spends on reasoning. The accepted values
 * depend on the model.
 * @param parallelToolCalls Whether the model may request several tool calls at once.
 * @param serviceTier Service tier of requests. The priority tier costs more.
 * @param promptCache Whether to send a conversation id, so that xAI routes the requests
 * of a conversation to the server that has cached its prompt.
 * @param store Whether xAI stores responses, so that later requests can continue them.
 * @param encryptedReasoning Whether to request encrypted reasoning and send it back with
 * the next turn. Requires the Responses API.
 * @param maxTurns Maximum number of rounds of server-side tools per response. Requires
 * the Responses API.
 * @param structuredOutput Validation of structured output and tool arguments.
 * @param tools Server-side tools. They require the Responses API.
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
	 * Values of properties that neither the client nor {@code grok.chat} sets.
	 */
	static final GrokChatProperties DEFAULTS = new GrokChatProperties(Transport.NATIVE, Api.AUTO, "grok-4.3", null,
			null, null, null, null, null, null, null, null, null, null, true, false, false, null,
			new StructuredOutput(false, 2), null);

	/**
	 * Properties without any values.
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
					"Set the property to the maximum number of visible tokens per response, or remove it.");
		}
		if (maxTurns != null && maxTurns < 1) {
			throw new GrokConfigurationException("max-turns", "is " + maxTurns + " but must be at least 1",
					"Set the property to the maximum number of tool rounds per response, or remove it.");
		}
		if (stop != null && stop.stream().anyMatch(String::isEmpty)) {
			throw new GrokConfigurationException("stop", "contains an empty stop sequence",
					"Remove the empty stop sequence, or remove the property.");
		}
	}

	private static void requireRange(String name, @Nullable Double value, int from, int to) {
		if (value != null && !(value >= from && value <= to)) {
			throw new GrokConfigurationException(name, "is " + value + " but must be between " + from + " and " + to,
					"Set the property to a number from " + from + " to " + to
							+ ", or remove it to use the default of xAI.");
		}
	}

	/**
	 * Merges these properties with defaults. Lists are replaced, not merged.
	 * @param defaults the values of properties that are not set here
	 * @return the merged properties
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
	 * Converts to the default options of the client.
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
		// Not sent unless true: Chat Completions does not store by default
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
	 * Contains no system prompt.
	 */
	@Override
	public String toString() {
		return "GrokChatProperties[transport=" + this.transport + ", api=" + this.api + ", model=" + this.model + "]";
	}

	private @Nullable GrokApi grokApi() {
		if (this.transport == Transport.SPRING_AI && this.api == Api.AUTO) {
			// The transport supports Chat Completions only
			return GrokApi.CHAT_COMPLETIONS;
		}
		return (this.api != null) ? GrokApi.valueOf(this.api.name()) : null;
	}

	/**
	 * Validation of structured output and tool arguments.
	 *
	 * @param validate Whether to validate structured output and the arguments of tool
	 * calls against their schemas.
	 * @param maxAttempts Maximum number of attempts to get valid output or arguments,
	 * including the first.
	 */
	record StructuredOutput(@Nullable Boolean validate, @Nullable Integer maxAttempts) {

		StructuredOutput {
			if (maxAttempts != null && maxAttempts < 1) {
				throw new GrokConfigurationException("max-attempts", "is " + maxAttempts + " but must be at least 1",
						"Set the property to the maximum number of attempts, or remove it.");
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
	 * Transport that sends requests to xAI.
	 */
	enum Transport {

		/**
		 * The HTTP client of this library.
		 */
		NATIVE,

		/**
		 * {@code OpenAiChatModel} of Spring AI. Supports Chat Completions only.
		 */
		SPRING_AI

	}

	/**
	 * Endpoint that requests are sent to.
	 */
	enum Api {

		/**
		 * Chat Completions, or the Responses API for requests that require it.
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
	 * Effort that a model spends on reasoning.
	 */
	enum ReasoningEffort {

		/**
		 * No reasoning.
		 */
		NONE,

		/**
		 * Low effort.
		 */
		LOW,

		/**
		 * Medium effort.
		 */
		MEDIUM,

		/**
		 * High effort.
		 */
		HIGH,

		/**
		 * Highest effort.
		 */
		XHIGH

	}

	/**
	 * Service tier of requests.
	 */
	enum ServiceTier {

		/**
		 * Standard latency and price.
		 */
		DEFAULT,

		/**
		 * Lower latency at a higher price.
		 */
		PRIORITY

	}

}
