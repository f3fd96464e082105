package io.github.grokspring.chain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * Options of a request to Grok. Options that are {@code null} default to those of the
 * client and, if not set there either, to those of xAI.
 * <p>
 * {@link #getMaxTokens()} is the only limit of visible tokens. It does not limit
 * reasoning, which is controlled by {@link #getReasoningEffort()}.
 * <p>
 * Immutable and thread-safe. Use {@link #builder()} to create options and
 * {@link #mutate()} to change them: <pre class="code">
 * GrokChatOptions options = GrokChatOptions.builder()
 *     .model("grok-4.5")
 *     .reasoningEffort("low")
 *     .build();
 * </pre>
 *
 * @since 0.1.0
 */
public final class GrokChatOptions extends DefaultToolCallingChatOptions implements StructuredOutputChatOptions {

	private final @Nullable String reasoningEffort;

	private final @Nullable Integer seed;

	private final @Nullable Boolean parallelToolCalls;

	private final @Nullable String toolChoice;

	private final @Nullable String responseFormat;

	private final @Nullable String outputSchema;

	private final @Nullable String serviceTier;

	private final @Nullable Boolean store;

	private final @Nullable String user;

	private final @Nullable Integer n;

	private final @Nullable Boolean logprobs;

	private final @Nullable Integer topLogprobs;

	private final @Nullable String conversationId;

	private final @Nullable Boolean promptCache;

	private final @Nullable GrokApi api;

	private final @Nullable Duration timeout;

	private final @Nullable Boolean encryptedReasoning;

	private final @Nullable String previousResponseId;

	private final @Nullable Integer maxTurns;

	private final @Nullable CacheMode cacheMode;

	private final @Nullable Duration cacheTtl;

	private final @Nullable Boolean cacheServerTools;

	private final @Nullable Boolean runawayGuard;

	private final List<ServerTool> serverTools;

	private final List<String> include;

	private final Map<String, Integer> logitBias;

	private final Map<String, Object> extraBody;

	private final Map<String, String> headers;

	// Identifies the client whose defaults these options derive from, in which case they
	// are complete. Not part of equality.
	private final @Nullable Object origin;

	private GrokChatOptions(Builder builder, ToolCallingChatOptions portable) {
		super(portable.getToolCallbacks(), portable.getToolContext(), portable.getModel(),
				portable.getFrequencyPenalty(), portable.getMaxTokens(), portable.getPresencePenalty(),
				portable.getStopSequences(), portable.getTemperature(), portable.getTopK(), portable.getTopP());
		this.reasoningEffort = builder.reasoningEffort;
		this.seed = builder.seed;
		this.parallelToolCalls = builder.parallelToolCalls;
		this.toolChoice = builder.toolChoice;
		this.responseFormat = builder.responseFormat;
		this.outputSchema = builder.outputSchema;
		this.serviceTier = builder.serviceTier;
		this.store = builder.store;
		this.user = builder.user;
		this.n = builder.n;
		this.logprobs = builder.logprobs;
		this.topLogprobs = builder.topLogprobs;
		this.conversationId = builder.conversationId;
		this.promptCache = builder.promptCache;
		this.api = builder.api;
		this.timeout = builder.timeout;
		this.encryptedReasoning = builder.encryptedReasoning;
		this.previousResponseId = builder.previousResponseId;
		this.maxTurns = builder.maxTurns;
		this.cacheMode = builder.cacheMode;
		this.cacheTtl = builder.cacheTtl;
		this.cacheServerTools = builder.cacheServerTools;
		this.runawayGuard = builder.runawayGuard;
		this.serverTools = List.copyOf(builder.serverTools);
		this.include = List.copyOf(builder.include);
		this.logitBias = copyOf(builder.logitBias);
		this.extraBody = copyOf(builder.extraBody);
		this.headers = copyOf(builder.headers);
		this.origin = builder.origin;
	}

	/**
	 * Creates a builder with no options set.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public Builder mutate() {
		Builder builder = new Builder();
		builder.model(getModel())
			.frequencyPenalty(getFrequencyPenalty())
			.maxTokens(getMaxTokens())
			.presencePenalty(getPresencePenalty())
			.stopSequences(getStopSequences())
			.temperature(getTemperature())
			.topK(getTopK())
			.topP(getTopP())
			.toolCallbacks(getToolCallbacks())
			.toolContext(getToolContext());
		builder.reasoningEffort = this.reasoningEffort;
		builder.seed = this.seed;
		builder.parallelToolCalls = this.parallelToolCalls;
		builder.toolChoice = this.toolChoice;
		builder.responseFormat = this.responseFormat;
		builder.outputSchema = this.outputSchema;
		builder.serviceTier = this.serviceTier;
		builder.store = this.store;
		builder.user = this.user;
		builder.n = this.n;
		builder.logprobs = this.logprobs;
		builder.topLogprobs = this.topLogprobs;
		builder.conversationId = this.conversationId;
		builder.promptCache = this.promptCache;
		builder.api = this.api;
		builder.timeout = this.timeout;
		builder.encryptedReasoning = this.encryptedReasoning;
		builder.previousResponseId = this.previousResponseId;
		builder.maxTurns = this.maxTurns;
		builder.cacheMode = this.cacheMode;
		builder.cacheTtl = this.cacheTtl;
		builder.cacheServerTools = this.cacheServerTools;
		builder.runawayGuard = this.runawayGuard;
		builder.serverTools = this.serverTools;
		builder.include = this.include;
		builder.logitBias = this.logitBias;
		builder.extraBody = this.extraBody;
		builder.headers = this.headers;
		builder.origin = this.origin;
		return builder;
	}

	/**
	 * Returns the reasoning effort: {@code none}, {@code low}, {@code medium},
	 * {@code high} or {@code xhigh}, depending on the model.
	 * @return the effort, or {@code null} for the default of the model
	 */
	public @Nullable String getReasoningEffort() {
		return this.reasoningEffort;
	}

	/**
	 * Returns the seed for sampling.
	 * @return the seed, or {@code null} if not set
	 */
	public @Nullable Integer getSeed() {
		return this.seed;
	}

	/**
	 * Returns whether the model may request several tool calls at once.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getParallelToolCalls() {
		return this.parallelToolCalls;
	}

	/**
	 * Returns the tool choice: {@code auto}, {@code none}, {@code required} or the name
	 * of a tool.
	 * @return the tool choice, or {@code null} if not set
	 */
	public @Nullable String getToolChoice() {
		return this.toolChoice;
	}

	/**
	 * Returns the response format: {@code text} or {@code json_object}. An
	 * {@link #getOutputSchema() output schema} takes precedence.
	 * @return the response format, or {@code null} if not set
	 */
	public @Nullable String getResponseFormat() {
		return this.responseFormat;
	}

	@Override
	public @Nullable String getOutputSchema() {
		return this.outputSchema;
	}

	/**
	 * Returns the service tier: {@code default} or {@code priority}.
	 * @return the service tier, or {@code null} if not set
	 */
	public @Nullable String getServiceTier() {
		return this.serviceTier;
	}

	/**
	 * Returns whether xAI stores the response.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getStore() {
		return this.store;
	}

	/**
	 * Returns the opaque id of the end user.
	 * @return the user id, or {@code null} if not set
	 */
	public @Nullable String getUser() {
		return this.user;
	}

	/**
	 * Returns the number of generations.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer getN() {
		return this.n;
	}

	/**
	 * Returns whether log probabilities are requested.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getLogprobs() {
		return this.logprobs;
	}

	/**
	 * Returns the number of log probabilities per token.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer getTopLogprobs() {
		return this.topLogprobs;
	}

	/**
	 * Returns the stable id of the conversation.
	 * @return the conversation id, or {@code null} if not set
	 */
	public @Nullable String getConversationId() {
		return this.conversationId;
	}

	/**
	 * Returns whether the {@link #getConversationId() conversation id} is sent to benefit
	 * from xAI's prompt cache.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getPromptCache() {
		return this.promptCache;
	}

	/**
	 * Returns the endpoint.
	 * @return the endpoint, or {@code null} if not set
	 */
	public @Nullable GrokApi getApi() {
		return this.api;
	}

	/**
	 * Returns the timeout of an HTTP exchange, which overrides
	 * {@code grok.http.call-timeout}.
	 * @return the timeout, or {@code null} if not set
	 */
	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	/**
	 * Returns whether encrypted reasoning is requested and sent back in later turns.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getEncryptedReasoning() {
		return this.encryptedReasoning;
	}

	/**
	 * Returns the id of the stored response that this request continues.
	 * @return the response id, or {@code null} if not set
	 */
	public @Nullable String getPreviousResponseId() {
		return this.previousResponseId;
	}

	/**
	 * Returns the maximum number of turns of server-side tools.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer getMaxTurns() {
		return this.maxTurns;
	}

	/**
	 * Returns how the request uses the response cache.
	 * @return the cache mode, or {@code null} if not set
	 */
	public @Nullable CacheMode getCacheMode() {
		return this.cacheMode;
	}

	/**
	 * Returns the time to live of the response in the response cache, which overrides
	 * {@code grok.cache.ttl}.
	 * @return the time to live, or {@code null} if not set
	 */
	public @Nullable Duration getCacheTtl() {
		return this.cacheTtl;
	}

	/**
	 * Returns whether responses that involve server-side tools are cached, which
	 * overrides {@code grok.cache.server-tools}.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getCacheServerTools() {
		return this.cacheServerTools;
	}

	/**
	 * Returns whether responses are checked for runaway repetition, which overrides
	 * {@code grok.runaway-guard.enabled}.
	 * @return the setting, or {@code null} if not set
	 */
	public @Nullable Boolean getRunawayGuard() {
		return this.runawayGuard;
	}

	/**
	 * Returns the server-side tools.
	 * @return an unmodifiable list, empty if not set
	 */
	public List<ServerTool> getServerTools() {
		return this.serverTools;
	}

	/**
	 * Returns the additional output to include in the response.
	 * @return an unmodifiable list, empty if not set
	 */
	public List<String> getInclude() {
		return this.include;
	}

	/**
	 * Returns the logit bias by token id.
	 * @return an unmodifiable map in insertion order, empty if not set
	 */
	public Map<String, Integer> getLogitBias() {
		return this.logitBias;
	}

	/**
	 * Returns the additional top-level fields of the request body.
	 * @return an unmodifiable map in insertion order, empty if not set
	 */
	public Map<String, Object> getExtraBody() {
		return this.extraBody;
	}

	/**
	 * Returns the additional HTTP headers of the request.
	 * @return an unmodifiable map in insertion order, empty if not set
	 */
	public Map<String, String> getHeaders() {
		return this.headers;
	}

	boolean derivesFrom(GrokChatOptions defaults) {
		return this.origin != null && this.origin == defaults.origin;
	}

	GrokChatOptions withNewOrigin() {
		Builder builder = mutate();
		builder.origin = new Object();
		return builder.build();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		if (this == other) {
			return true;
		}
		return super.equals(other) && other instanceof GrokChatOptions that
				&& Objects.equals(this.reasoningEffort, that.reasoningEffort) && Objects.equals(this.seed, that.seed)
				&& Objects.equals(this.parallelToolCalls, that.parallelToolCalls)
				&& Objects.equals(this.toolChoice, that.toolChoice)
				&& Objects.equals(this.responseFormat, that.responseFormat)
				&& Objects.equals(this.outputSchema, that.outputSchema)
				&& Objects.equals(this.serviceTier, that.serviceTier) && Objects.equals(this.store, that.store)
				&& Objects.equals(this.user, that.user) && Objects.equals(this.n, that.n)
				&& Objects.equals(this.logprobs, that.logprobs) && Objects.equals(this.topLogprobs, that.topLogprobs)
				&& Objects.equals(this.conversationId, that.conversationId)
				&& Objects.equals(this.promptCache, that.promptCache) && Objects.equals(this.api, that.api)
				&& Objects.equals(this.timeout, that.timeout)
				&& Objects.equals(this.encryptedReasoning, that.encryptedReasoning)
				&& Objects.equals(this.previousResponseId, that.previousResponseId)
				&& Objects.equals(this.maxTurns, that.maxTurns) && Objects.equals(this.cacheMode, that.cacheMode)
				&& Objects.equals(this.cacheTtl, that.cacheTtl)
				&& Objects.equals(this.cacheServerTools, that.cacheServerTools)
				&& Objects.equals(this.runawayGuard, that.runawayGuard)
				&& Objects.equals(this.serverTools, that.serverTools) && Objects.equals(this.include, that.include)
				&& Objects.equals(this.logitBias, that.logitBias) && Objects.equals(this.extraBody, that.extraBody)
				&& Objects.equals(this.headers, that.headers);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.reasoningEffort, this.seed, this.parallelToolCalls, this.toolChoice,
				this.responseFormat, this.outputSchema, this.serviceTier, this.store, this.user, this.n, this.logprobs,
				this.topLogprobs, this.conversationId, this.promptCache, this.api, this.timeout,
				this.encryptedReasoning, this.previousResponseId, this.maxTurns, this.cacheMode, this.cacheTtl,
				this.cacheServerTools, this.runawayGuard, this.serverTools, this.include, this.logitBias,
				this.extraBody, this.headers);
	}

	/**
	 * Returns a description without API keys or possible parts of a prompt: only names or
	 * sizes are shown for headers, tools, stop sequences, extra body and similar options,
	 * and ids, schemas and formats are masked.
	 */
	@Override
	public String toString() {
		StringJoiner shown = new StringJoiner(", ", "GrokChatOptions[", "]");
		show(shown, "model", (getModel() != null) ? LogSanitizer.sanitize(getModel()) : null);
		show(shown, "temperature", getTemperature());
		show(shown, "topP", getTopP());
		show(shown, "maxTokens", getMaxTokens());
		show(shown, "frequencyPenalty", getFrequencyPenalty());
		show(shown, "presencePenalty", getPresencePenalty());
		show(shown, "stopSequences", sizeOf(getStopSequences()));
		show(shown, "reasoningEffort", this.reasoningEffort);
		show(shown, "seed", this.seed);
		show(shown, "api", this.api);
		show(shown, "serviceTier", this.serviceTier);
		show(shown, "store", this.store);
		show(shown, "n", this.n);
		show(shown, "logprobs", this.logprobs);
		show(shown, "topLogprobs", this.topLogprobs);
		show(shown, "timeout", this.timeout);
		show(shown, "maxTurns", this.maxTurns);
		show(shown, "encryptedReasoning", this.encryptedReasoning);
		show(shown, "parallelToolCalls", this.parallelToolCalls);
		show(shown, "promptCache", this.promptCache);
		show(shown, "cacheMode", this.cacheMode);
		show(shown, "cacheTtl", this.cacheTtl);
		show(shown, "cacheServerTools", this.cacheServerTools);
		show(shown, "runawayGuard", this.runawayGuard);
		show(shown, "tools", namesOf(getToolCallbacks(), (tool) -> tool.getToolDefinition().name()));
		show(shown, "serverTools", namesOf(this.serverTools, ServerTool::type));
		show(shown, "include", namesOf(this.include, Function.identity()));
		show(shown, "headers", namesOf(this.headers.keySet(), Function.identity()));
		show(shown, "extraBody", namesOf(this.extraBody.keySet(), Function.identity()));
		show(shown, "logitBias", sizeOf(this.logitBias.keySet()));
		show(shown, "user", masked(this.user));
		show(shown, "conversationId", masked(this.conversationId));
		show(shown, "previousResponseId", masked(this.previousResponseId));
		show(shown, "toolChoice", masked(this.toolChoice));
		show(shown, "responseFormat", masked(this.responseFormat));
		show(shown, "outputSchema", masked(this.outputSchema));
		return shown.toString();
	}

	private static void show(StringJoiner shown, String name, @Nullable Object value) {
		if (value != null) {
			shown.add(name + "=" + value);
		}
	}

	private static <T> @Nullable List<String> namesOf(@Nullable Collection<T> values, Function<T, String> name) {
		return (values == null || values.isEmpty()) ? null
				: values.stream().map(name).map(LogSanitizer::sanitize).sorted().toList();
	}

	private static @Nullable Integer sizeOf(@Nullable Collection<?> values) {
		return (values == null || values.isEmpty()) ? null : values.size();
	}

	private static @Nullable String masked(@Nullable String value) {
		return (value != null) ? "***" : null;
	}

	private static <T> Map<String, T> copyOf(Map<String, T> map) {
		return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
	}

	/**
	 * Builder for {@link GrokChatOptions}, accepted by {@code prompt().options(...)} of
	 * Spring AI's {@code ChatClient}. Setters accept {@code null} to unset an option.
	 * <p>
	 * Not thread-safe.
	 */
	public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
			implements StructuredOutputChatOptions.Builder<Builder> {

		private @Nullable String reasoningEffort;

		private @Nullable Integer seed;

		private @Nullable Boolean parallelToolCalls;

		private @Nullable String toolChoice;

		private @Nullable String responseFormat;

		private @Nullable String outputSchema;

		private @Nullable String serviceTier;

		private @Nullable Boolean store;

		private @Nullable String user;

		private @Nullable Integer n;

		private @Nullable Boolean logprobs;

		private @Nullable Integer topLogprobs;

		private @Nullable String conversationId;

		private @Nullable Boolean promptCache;

		private @Nullable GrokApi api;

		private @Nullable Duration timeout;

		private @Nullable Boolean encryptedReasoning;

		private @Nullable String previousResponseId;

		private @Nullable Integer maxTurns;

		private @Nullable CacheMode cacheMode;

		private @Nullable Duration cacheTtl;

		private @Nullable Boolean cacheServerTools;

		private @Nullable Boolean runawayGuard;

		private List<ServerTool> serverTools = List.of();

		private List<String> include = List.of();

		private Map<String, Integer> logitBias = Map.of();

		private Map<String, Object> extraBody = Map.of();

		private Map<String, String> headers = Map.of();

		private @Nullable Object origin;

		private Builder() {
		}

		/**
		 * Sets the reasoning effort: {@code none}, {@code low}, {@code medium},
		 * {@code high} or {@code xhigh}, depending on the model. By default, xAI applies
		 * the default of the model, which is {@code high} for grok-4.5 and later.
		 * @param reasoningEffort the effort, or {@code null} to unset
		 * @return this builder
		 */
		public Builder reasoningEffort(@Nullable String reasoningEffort) {
			this.reasoningEffort = reasoningEffort;
			return this;
		}

		/**
		 * Sets the seed for sampling, which makes responses repeatable on a best-effort
		 * basis.
		 * @param seed the seed, or {@code null} to unset
		 * @return this builder
		 */
		public Builder seed(@Nullable Integer seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Sets whether the model may request several tool calls at once.
		 * @param parallelToolCalls the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
			this.parallelToolCalls = parallelToolCalls;
			return this;
		}

		/**
		 * Sets the tool choice: {@code auto}, {@code none}, {@code required} or the name
		 * of a tool.
		 * @param toolChoice the tool choice, or {@code null} to unset
		 * @return this builder
		 */
		public Builder toolChoice(@Nullable String toolChoice) {
			this.toolChoice = toolChoice;
			return this;
		}

		/**
		 * Sets the response format: {@code text} or {@code json_object}. An
		 * {@link #outputSchema(String) output schema} takes precedence.
		 * @param responseFormat the response format, or {@code null} to unset
		 * @return this builder
		 */
		public Builder responseFormat(@Nullable String responseFormat) {
			this.responseFormat = responseFormat;
			return this;
		}

		@Override
		public Builder outputSchema(@Nullable String outputSchema) {
			this.outputSchema = outputSchema;
			return this;
		}

		/**
		 * Sets the service tier: {@code default} or {@code priority}. Priority doubles
		 * the token prices if the response confirms it.
		 * @param serviceTier the service tier, or {@code null} to unset
		 * @return this builder
		 */
		public Builder serviceTier(@Nullable String serviceTier) {
			this.serviceTier = serviceTier;
			return this;
		}

		/**
		 * Sets whether xAI stores the response so that later requests can refer to it.
		 * @param store the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder store(@Nullable Boolean store) {
			this.store = store;
			return this;
		}

		/**
		 * Sets the opaque id of the end user, used by xAI to detect abuse.
		 * @param user the user id, or {@code null} to unset
		 * @return this builder
		 */
		public Builder user(@Nullable String user) {
			this.user = user;
			return this;
		}

		/**
		 * Sets the number of generations.
		 * @param n the number, at least 1, or {@code null} to unset
		 * @return this builder
		 */
		public Builder n(@Nullable Integer n) {
			this.n = n;
			return this;
		}

		/**
		 * Sets whether to request log probabilities. Current models ignore this option.
		 * @param logprobs the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder logprobs(@Nullable Boolean logprobs) {
			this.logprobs = logprobs;
			return this;
		}

		/**
		 * Sets the number of log probabilities per token. Current models ignore this
		 * option.
		 * @param topLogprobs the number from 0 to 8, or {@code null} to unset
		 * @return this builder
		 */
		public Builder topLogprobs(@Nullable Integer topLogprobs) {
			this.topLogprobs = topLogprobs;
			return this;
		}

		/**
		 * Sets the stable id of the conversation. If prompt caching is enabled, it is
		 * sent as {@code x-grok-conv-id}, so that xAI routes all requests of a
		 * conversation to the server that has cached its prefix.
		 * @param conversationId the conversation id, or {@code null} to unset
		 * @return this builder
		 */
		public Builder conversationId(@Nullable String conversationId) {
			this.conversationId = conversationId;
			return this;
		}

		/**
		 * Sets whether to send the {@link #conversationId(String) conversation id} to
		 * benefit from xAI's prompt cache.
		 * @param promptCache the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder promptCache(@Nullable Boolean promptCache) {
			this.promptCache = promptCache;
			return this;
		}

		/**
		 * Sets the endpoint.
		 * @param api the endpoint, or {@code null} to unset
		 * @return this builder
		 */
		public Builder api(@Nullable GrokApi api) {
			this.api = api;
			return this;
		}

		/**
		 * Sets the timeout of an HTTP exchange, which overrides
		 * {@code grok.http.call-timeout}.
		 * @param timeout the timeout, or {@code null} to unset
		 * @return this builder
		 */
		public Builder timeout(@Nullable Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Sets whether to request encrypted reasoning, keep it in the message and send it
		 * back in later turns. Requires the Responses API, on which reasoning is always
		 * kept during tool execution.
		 * @param encryptedReasoning the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder encryptedReasoning(@Nullable Boolean encryptedReasoning) {
			this.encryptedReasoning = encryptedReasoning;
			return this;
		}

		/**
		 * Sets the id of a stored response to continue. The earlier messages do not have
		 * to be sent again, but are billed again. Requires the Responses API.
		 * @param previousResponseId the response id, or {@code null} to unset
		 * @return this builder
		 */
		public Builder previousResponseId(@Nullable String previousResponseId) {
			this.previousResponseId = previousResponseId;
			return this;
		}

		/**
		 * Sets the maximum number of turns of server-side tools. Requires the Responses
		 * API.
		 * @param maxTurns the number, at least 1, or {@code null} to unset
		 * @return this builder
		 */
		public Builder maxTurns(@Nullable Integer maxTurns) {
			this.maxTurns = maxTurns;
			return this;
		}

		/**
		 * Sets how the request uses the response cache, which is independent of xAI's
		 * prompt cache.
		 * @param cacheMode the cache mode, or {@code null} to unset
		 * @return this builder
		 */
		public Builder cacheMode(@Nullable CacheMode cacheMode) {
			this.cacheMode = cacheMode;
			return this;
		}

		/**
		 * Sets the time to live of the response in the response cache, which overrides
		 * {@code grok.cache.ttl}.
		 * @param cacheTtl the time to live, longer than 0, or {@code null} to unset
		 * @return this builder
		 */
		public Builder cacheTtl(@Nullable Duration cacheTtl) {
			if (cacheTtl != null && (cacheTtl.isZero() || cacheTtl.isNegative())) {
				throw new IllegalArgumentException(
						"'cacheTtl' must be longer than 0; use CacheMode.BYPASS to bypass the cache");
			}
			this.cacheTtl = cacheTtl;
			return this;
		}

		/**
		 * Sets whether responses that involve server-side tools are cached, which
		 * overrides {@code grok.cache.server-tools}.
		 * @param cacheServerTools the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder cacheServerTools(@Nullable Boolean cacheServerTools) {
			this.cacheServerTools = cacheServerTools;
			return this;
		}

		/**
		 * Sets whether to check responses for runaway repetition, which overrides
		 * {@code grok.runaway-guard.enabled}.
		 * @param runawayGuard the setting, or {@code null} to unset
		 * @return this builder
		 */
		public Builder runawayGuard(@Nullable Boolean runawayGuard) {
			this.runawayGuard = runawayGuard;
			return this;
		}

		/**
		 * Sets the server-side tools. Requires the Responses API. The last of several
		 * tools with the same {@link ServerTool#key() key} wins.
		 * @param serverTools the tools, which replace the current ones
		 * @return this builder
		 */
		public Builder serverTools(List<? extends ServerTool> serverTools) {
			this.serverTools = byKey(List.of(), serverTools);
			return this;
		}

		/**
		 * Sets the server-side tools. Requires the Responses API. The last of several
		 * tools with the same {@link ServerTool#key() key} wins.
		 * @param serverTools the tools, which replace the current ones
		 * @return this builder
		 */
		public Builder serverTools(ServerTool... serverTools) {
			return serverTools(List.of(serverTools));
		}

		/**
		 * Sets the additional output to include in the response, such as
		 * {@code file_search_call.results}. Requires the Responses API.
		 * @param include xAI's names of the output, which replace the current ones
		 * @return this builder
		 */
		public Builder include(String... include) {
			this.include = List.of(include);
			return this;
		}

		/**
		 * Sets the logit bias by token id. Current models ignore this option.
		 * @param logitBias the bias, which replaces the current one
		 * @return this builder
		 */
		public Builder logitBias(Map<String, Integer> logitBias) {
			this.logitBias = copyOf(logitBias);
			return this;
		}

		/**
		 * Sets additional top-level fields of the request body. Fields that correspond to
		 * a set option or are written by the transport are ignored.
		 * @param extraBody the fields, which replace the current ones
		 * @return this builder
		 */
		public Builder extraBody(Map<String, Object> extraBody) {
			this.extraBody = copyOf(extraBody);
			return this;
		}

		/**
		 * Sets additional HTTP headers of the request. They override headers of the
		 * connection, including {@code Authorization}.
		 * @param headers the headers, which replace the current ones
		 * @return this builder
		 */
		public Builder headers(Map<String, String> headers) {
			this.headers = copyOf(headers);
			return this;
		}

		@Override
		public GrokChatOptions build() {
			return new GrokChatOptions(this, super.build());
		}

		/**
		 * Merges the options set on another builder into this one; the other builder
		 * takes precedence.
		 * <p>
		 * Stop sequences, includes and tools are added. A tool replaces one of the same
		 * name, a server-side tool one of the same {@link ServerTool#key() key}. Maps are
		 * merged by key. A response format also removes the current output schema. All
		 * other options are replaced. Builders of other providers are converted.
		 * @param other the builder to merge
		 * @return this builder
		 */
		@Override
		public Builder combineWith(ChatOptions.Builder<?> other) {
			ChatOptions.Builder<?> known = ChatOptionsConverters.convert(other);
			super.combineWith(known);
			this.stopSequences = withoutDuplicates(this.stopSequences);
			this.toolCallbacks = withoutDuplicateNames(this.toolCallbacks);
			if (known instanceof Builder that) {
				this.reasoningEffort = firstOf(that.reasoningEffort, this.reasoningEffort);
				this.seed = firstOf(that.seed, this.seed);
				this.parallelToolCalls = firstOf(that.parallelToolCalls, this.parallelToolCalls);
				this.toolChoice = firstOf(that.toolChoice, this.toolChoice);
				combineShape(that);
				this.serviceTier = firstOf(that.serviceTier, this.serviceTier);
				this.store = firstOf(that.store, this.store);
				this.user = firstOf(that.user, this.user);
				this.n = firstOf(that.n, this.n);
				this.logprobs = firstOf(that.logprobs, this.logprobs);
				this.topLogprobs = firstOf(that.topLogprobs, this.topLogprobs);
				this.conversationId = firstOf(that.conversationId, this.conversationId);
				this.promptCache = firstOf(that.promptCache, this.promptCache);
				this.api = firstOf(that.api, this.api);
				this.timeout = firstOf(that.timeout, this.timeout);
				combineResponses(that);
				this.cacheMode = firstOf(that.cacheMode, this.cacheMode);
				this.cacheTtl = firstOf(that.cacheTtl, this.cacheTtl);
				this.cacheServerTools = firstOf(that.cacheServerTools, this.cacheServerTools);
				this.runawayGuard = firstOf(that.runawayGuard, this.runawayGuard);
				this.logitBias = merge(this.logitBias, that.logitBias);
				this.extraBody = merge(this.extraBody, that.extraBody);
				this.headers = mergeHeaders(this.headers, that.headers);
			}
			else if (known instanceof StructuredOutputChatOptions.Builder<?> that
					&& that.clone().build() instanceof StructuredOutputChatOptions structured) {
				this.outputSchema = firstOf(structured.getOutputSchema(), this.outputSchema);
			}
			return this;
		}

		// The response format and the output schema form one setting
		private void combineShape(Builder that) {
			if (that.responseFormat != null || that.outputSchema != null) {
				this.responseFormat = firstOf(that.responseFormat, this.responseFormat);
				this.outputSchema = that.outputSchema;
			}
		}

		// Options of the Responses API
		private void combineResponses(Builder that) {
			this.encryptedReasoning = firstOf(that.encryptedReasoning, this.encryptedReasoning);
			this.previousResponseId = firstOf(that.previousResponseId, this.previousResponseId);
			this.maxTurns = firstOf(that.maxTurns, this.maxTurns);
			this.serverTools = byKey(this.serverTools, that.serverTools);
			this.include = Stream.concat(this.include.stream(), that.include.stream()).distinct().toList();
		}

		private static List<ServerTool> byKey(List<ServerTool> base, List<? extends ServerTool> over) {
			if (over.isEmpty()) {
				return base;
			}
			Map<String, ServerTool> byKey = new LinkedHashMap<>();
			base.forEach((tool) -> byKey.put(tool.key(), tool));
			over.forEach((tool) -> byKey.put(tool.key(), tool));
			return List.copyOf(byKey.values());
		}

		private static @Nullable List<String> withoutDuplicates(@Nullable List<String> values) {
			return (values != null) ? new ArrayList<>(new LinkedHashSet<>(values)) : null;
		}

		private static @Nullable List<ToolCallback> withoutDuplicateNames(@Nullable List<ToolCallback> callbacks) {
			if (callbacks == null) {
				return null;
			}
			Map<String, ToolCallback> byName = new LinkedHashMap<>();
			callbacks.forEach((callback) -> byName.put(callback.getToolDefinition().name(), callback));
			return new ArrayList<>(byName.values());
		}

		private static <T> @Nullable T firstOf(@Nullable T first, @Nullable T second) {
			return (first != null) ? first : second;
		}

		private static <T> Map<String, T> merge(Map<String, T> base, Map<String, T> over) {
			if (base.isEmpty() || over.isEmpty()) {
				return over.isEmpty() ? base : over;
			}
			Map<String, T> merged = new LinkedHashMap<>(base);
			merged.putAll(over);
			return merged;
		}

		private static Map<String, String> mergeHeaders(Map<String, String> base, Map<String, String> over) {
			if (base.isEmpty() || over.isEmpty()) {
				return over.isEmpty() ? base : over;
			}
			Map<String, String> merged = new LinkedHashMap<>(base);
			merged.keySet().removeIf((name) -> over.keySet().stream().anyMatch(name::equalsIgnoreCase));
			merged.putAll(over);
			return merged;
		}

	}

}
