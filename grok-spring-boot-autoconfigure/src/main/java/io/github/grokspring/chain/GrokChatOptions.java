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
 * Settings of one request to Grok. What is {@code null} is taken from the client, then
 * from xAI. Immutable; hence safe for use by several threads, which its builder is not.
 * <p>
 * There is one limit of visible tokens, {@link #getMaxTokens()}. It does not limit
 * reasoning: only the effort does.
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

	/**
	 * Tells options that were derived from the defaults of a client, and so are complete,
	 * from those that still have to be put over them. No part of equality.
	 */
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
	 * Start from nothing set.
	 * @return a builder
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
	 * How long the model thinks: {@code none}, {@code low}, {@code medium}, {@code high}
	 * or {@code xhigh}, as the model allows. Left out, xAI applies the default of the
	 * model, which is {@code high} on grok-4.5 and newer.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getReasoningEffort() {
		return this.reasoningEffort;
	}

	/**
	 * Seed for sampling, for answers that repeat as far as xAI can make them.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Integer getSeed() {
		return this.seed;
	}

	/**
	 * Whether the model may ask for several tool calls at once.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getParallelToolCalls() {
		return this.parallelToolCalls;
	}

	/**
	 * Which tool the model is to call: {@code auto}, {@code none}, {@code required} or
	 * the name of a tool.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getToolChoice() {
		return this.toolChoice;
	}

	/**
	 * Shape of the answer, {@code text} or {@code json_object}; an
	 * {@link #getOutputSchema() output schema} goes before it.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getResponseFormat() {
		return this.responseFormat;
	}

	@Override
	public @Nullable String getOutputSchema() {
		return this.outputSchema;
	}

	/**
	 * Tier in which the request is served, {@code default} or {@code priority}; priority
	 * doubles the token prices when the answer confirms it.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getServiceTier() {
		return this.serviceTier;
	}

	/**
	 * Whether xAI keeps the answer for later reference.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getStore() {
		return this.store;
	}

	/**
	 * Opaque id of the end user, for xAI's abuse detection.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getUser() {
		return this.user;
	}

	/**
	 * How many answers are wanted.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Integer getN() {
		return this.n;
	}

	/**
	 * Whether log probabilities are wanted; current models ignore it.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getLogprobs() {
		return this.logprobs;
	}

	/**
	 * How many log probabilities are wanted per token; current models ignore it.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Integer getTopLogprobs() {
		return this.topLogprobs;
	}

	/**
	 * Stable id of the conversation. With prompt caching on it is sent as
	 * {@code x-grok-conv-id}, which leads the requests of a conversation to the server
	 * that still has its beginning cached.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getConversationId() {
		return this.conversationId;
	}

	/**
	 * Whether the {@link #getConversationId() conversation id} is sent for the sake of
	 * xAI's prompt cache.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getPromptCache() {
		return this.promptCache;
	}

	/**
	 * Endpoint that answers.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable GrokApi getApi() {
		return this.api;
	}

	/**
	 * Longest time one exchange may take, in place of {@code grok.http.call-timeout}.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	/**
	 * Whether the reasoning of an answer is asked for in encrypted form, kept in its
	 * message, and sent back with the next turn. Only the Responses API can do that.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getEncryptedReasoning() {
		return this.encryptedReasoning;
	}

	/**
	 * Id of a stored answer that this request goes on from; its history need not be sent
	 * again, but is billed again. Only the Responses API can do that.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable String getPreviousResponseId() {
		return this.previousResponseId;
	}

	/**
	 * How many rounds of server-side tools an answer may take. Only the Responses API can
	 * do that.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Integer getMaxTurns() {
		return this.maxTurns;
	}

	/**
	 * What the request has to do with the cache of responses, which is not that of xAI.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable CacheMode getCacheMode() {
		return this.cacheMode;
	}

	/**
	 * How long the answer is kept in the cache of responses, in place of
	 * {@code grok.cache.ttl}.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Duration getCacheTtl() {
		return this.cacheTtl;
	}

	/**
	 * Whether an answer for which tools ran at xAI may come from the cache of responses
	 * and be kept there, in place of {@code grok.cache.server-tools}.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getCacheServerTools() {
		return this.cacheServerTools;
	}

	/**
	 * Whether the response is watched for runaway repetition, in place of
	 * {@code grok.runaway-guard.enabled}.
	 * @return the value, or {@code null} if not set
	 */
	public @Nullable Boolean getRunawayGuard() {
		return this.runawayGuard;
	}

	/**
	 * Tools that run at xAI while it answers. Only the Responses API serves them.
	 * @return an unmodifiable list, empty if not set
	 */
	public List<ServerTool> getServerTools() {
		return this.serverTools;
	}

	/**
	 * What else an answer is to hold, in the words of xAI, such as
	 * {@code file_search_call.results}. Only the Responses API can do that.
	 * @return an unmodifiable list, empty if not set
	 */
	public List<String> getInclude() {
		return this.include;
	}

	/**
	 * Bias by token id; current models ignore it.
	 * @return an unmodifiable map in the order of insertion, empty if not set
	 */
	public Map<String, Integer> getLogitBias() {
		return this.logitBias;
	}

	/**
	 * Further top-level fields of the request body. A field that has a typed option, or
	 * that the transport writes itself, is never sent twice: the typed one wins.
	 * @return an unmodifiable map in the order of insertion, empty if not set
	 */
	public Map<String, Object> getExtraBody() {
		return this.extraBody;
	}

	/**
	 * Further HTTP headers of the request. They replace those of the connection,
	 * {@code Authorization} included.
	 * @return an unmodifiable map in the order of insertion, empty if not set
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
	 * Shows settings, but neither keys nor what is or may be part of a prompt: of stop
	 * sequences, schemas, tool contexts, headers, extra bodies and the like only names or
	 * numbers.
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
	 * Builder for {@link GrokChatOptions}. Spring AI's {@code ChatClient} takes it in
	 * {@code prompt().options(…)}. Not safe for use by several threads.
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
		 * How long the model thinks: {@code none}, {@code low}, {@code medium},
		 * {@code high} or {@code xhigh}, as the model allows. Left out, xAI applies the
		 * default of the model, which is {@code high} on grok-4.5 and newer.
		 * @param reasoningEffort the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder reasoningEffort(@Nullable String reasoningEffort) {
			this.reasoningEffort = reasoningEffort;
			return this;
		}

		/**
		 * Seed for sampling, for answers that repeat as far as xAI can make them.
		 * @param seed the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder seed(@Nullable Integer seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Whether the model may ask for several tool calls at once.
		 * @param parallelToolCalls the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
			this.parallelToolCalls = parallelToolCalls;
			return this;
		}

		/**
		 * Which tool the model is to call: {@code auto}, {@code none}, {@code required}
		 * or the name of a tool.
		 * @param toolChoice the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder toolChoice(@Nullable String toolChoice) {
			this.toolChoice = toolChoice;
			return this;
		}

		/**
		 * Shape of the answer, {@code text} or {@code json_object}; an
		 * {@link #getOutputSchema() output schema} goes before it.
		 * @param responseFormat the value, {@code null} to unset
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
		 * Tier in which the request is served, {@code default} or {@code priority};
		 * priority doubles the token prices when the answer confirms it.
		 * @param serviceTier the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder serviceTier(@Nullable String serviceTier) {
			this.serviceTier = serviceTier;
			return this;
		}

		/**
		 * Whether xAI keeps the answer for later reference.
		 * @param store the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder store(@Nullable Boolean store) {
			this.store = store;
			return this;
		}

		/**
		 * Opaque id of the end user, for xAI's abuse detection.
		 * @param user the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder user(@Nullable String user) {
			this.user = user;
			return this;
		}

		/**
		 * How many answers are wanted.
		 * @param n the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder n(@Nullable Integer n) {
			this.n = n;
			return this;
		}

		/**
		 * Whether log probabilities are wanted; current models ignore it.
		 * @param logprobs the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder logprobs(@Nullable Boolean logprobs) {
			this.logprobs = logprobs;
			return this;
		}

		/**
		 * How many log probabilities are wanted per token; current models ignore it.
		 * @param topLogprobs the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder topLogprobs(@Nullable Integer topLogprobs) {
			this.topLogprobs = topLogprobs;
			return this;
		}

		/**
		 * Stable id of the conversation. With prompt caching on it is sent as
		 * {@code x-grok-conv-id}, which leads the requests of a conversation to the
		 * server that still has its beginning cached.
		 * @param conversationId the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder conversationId(@Nullable String conversationId) {
			this.conversationId = conversationId;
			return this;
		}

		/**
		 * Whether the {@link #getConversationId() conversation id} is sent for the sake
		 * of xAI's prompt cache.
		 * @param promptCache the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder promptCache(@Nullable Boolean promptCache) {
			this.promptCache = promptCache;
			return this;
		}

		/**
		 * Endpoint that answers.
		 * @param api the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder api(@Nullable GrokApi api) {
			this.api = api;
			return this;
		}

		/**
		 * Longest time one exchange may take, in place of {@code grok.http.call-timeout}.
		 * @param timeout the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder timeout(@Nullable Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Whether the reasoning of an answer is asked for in encrypted form, kept in its
		 * message, and sent back with the next turn. Only the Responses API can do that.
		 * Between rounds of tools it is kept there in any case.
		 * @param encryptedReasoning the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder encryptedReasoning(@Nullable Boolean encryptedReasoning) {
			this.encryptedReasoning = encryptedReasoning;
			return this;
		}

		/**
		 * Id of a stored answer that this request goes on from; its history need not be
		 * sent again, but is billed again. Only the Responses API can do that.
		 * @param previousResponseId the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder previousResponseId(@Nullable String previousResponseId) {
			this.previousResponseId = previousResponseId;
			return this;
		}

		/**
		 * How many rounds of server-side tools an answer may take. Only the Responses API
		 * can do that.
		 * @param maxTurns the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder maxTurns(@Nullable Integer maxTurns) {
			this.maxTurns = maxTurns;
			return this;
		}

		/**
		 * What the request has to do with the cache of responses, which is not that of
		 * xAI.
		 * @param cacheMode the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder cacheMode(@Nullable CacheMode cacheMode) {
			this.cacheMode = cacheMode;
			return this;
		}

		/**
		 * How long the answer is kept in the cache of responses, in place of
		 * {@code grok.cache.ttl}.
		 * @param cacheTtl the value, longer than 0, {@code null} to unset
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
		 * Whether an answer for which tools ran at xAI may come from the cache of
		 * responses and be kept there, in place of {@code grok.cache.server-tools}.
		 * @param cacheServerTools the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder cacheServerTools(@Nullable Boolean cacheServerTools) {
			this.cacheServerTools = cacheServerTools;
			return this;
		}

		/**
		 * Whether the response is watched for runaway repetition, in place of
		 * {@code grok.runaway-guard.enabled}.
		 * @param runawayGuard the value, {@code null} to unset
		 * @return this builder
		 */
		public Builder runawayGuard(@Nullable Boolean runawayGuard) {
			this.runawayGuard = runawayGuard;
			return this;
		}

		/**
		 * Tools that run at xAI while it answers. Only the Responses API serves them. Of
		 * two tools with one {@link ServerTool#key() key} the later one counts.
		 * @param serverTools replaces what was set
		 * @return this builder
		 */
		public Builder serverTools(List<? extends ServerTool> serverTools) {
			this.serverTools = byKey(List.of(), serverTools);
			return this;
		}

		/**
		 * Tools that run at xAI while it answers. Only the Responses API serves them. Of
		 * two tools with one {@link ServerTool#key() key} the later one counts.
		 * @param serverTools replaces what was set
		 * @return this builder
		 */
		public Builder serverTools(ServerTool... serverTools) {
			return serverTools(List.of(serverTools));
		}

		/**
		 * What else an answer is to hold, in the words of xAI, such as
		 * {@code file_search_call.results}. Only the Responses API can do that.
		 * @param include replaces what was set
		 * @return this builder
		 */
		public Builder include(String... include) {
			this.include = List.of(include);
			return this;
		}

		/**
		 * Bias by token id; current models ignore it.
		 * @param logitBias replaces what was set
		 * @return this builder
		 */
		public Builder logitBias(Map<String, Integer> logitBias) {
			this.logitBias = copyOf(logitBias);
			return this;
		}

		/**
		 * Further top-level fields of the request body. A field that has a typed option,
		 * or that the transport writes itself, is never sent twice: the typed one wins.
		 * @param extraBody replaces what was set
		 * @return this builder
		 */
		public Builder extraBody(Map<String, Object> extraBody) {
			this.extraBody = copyOf(extraBody);
			return this;
		}

		/**
		 * Further HTTP headers of the request. They replace those of the connection,
		 * {@code Authorization} included.
		 * @param headers replaces what was set
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
		 * Take over what is set in the other builder and keep the rest. Stop sequences,
		 * includes and tools are added to those that are here (a tool replaces one of its
		 * name, a server-side one that of its key), maps are merged by key, a response
		 * format puts an earlier output schema out of force, everything else is replaced.
		 * Builders of other kinds are translated.
		 * @param other the builder whose values go first
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

		// The shape of the answer is one setting in two fields: a format that is set
		// later puts an earlier schema out of force.
		private void combineShape(Builder that) {
			if (that.responseFormat != null || that.outputSchema != null) {
				this.responseFormat = firstOf(that.responseFormat, this.responseFormat);
				this.outputSchema = that.outputSchema;
			}
		}

		// What only the Responses API knows
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
