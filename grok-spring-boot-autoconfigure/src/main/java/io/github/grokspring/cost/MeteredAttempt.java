package io.github.grokspring.cost;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.ImplausibleUsageReported;
import io.github.grokspring.event.OutputStopped;
import io.github.grokspring.tool.ToolUse;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.StringUtils;

/**
 * Meters one attempt and resolves its cost once. Elements of a stream arrive
 * sequentially; a cancellation may come from another thread at any time.
 */
final class MeteredAttempt {

	private static final String SUCCESS = "success";

	private static final String CANCELLED = "cancelled";

	private static final long NEVER = -1;

	private static final int FIRST_ERROR_STATUS = 400;

	private static final Set<ErrorKind> KINDS_WITHOUT_RESPONSE = EnumSet.of(ErrorKind.TIMEOUT, ErrorKind.CONNECTION,
			ErrorKind.STREAM_BROKEN);

	/** Metadata key for the number of turns in which the model has read its prompt. */
	private static final String TURNS = "grok.turns";

	/** Statuses sent by gateways in front of a model that may still be working. */
	private static final Set<Integer> GATEWAY_TIMEOUT_STATUSES = Set.of(504, 524);

	/** Assumed output rate of a model from which no element has been received. */
	private static final long TOKENS_PER_SECOND = 50;

	private static final long MILLIS_PER_SECOND = 1000;

	private final String client;

	private final Prompt prompt;

	private final AttemptContext context;

	private final String model;

	private final @Nullable String tenant;

	private final MeteringSettings settings;

	private final CostResolver costResolver;

	private final TokenBounds bounds;

	private final @Nullable MeteredAttempt outer;

	private final long started;

	private final AtomicBoolean settled = new AtomicBoolean();

	/**
	 * Whether the thread was interrupted before the attempt, which prevents sending.
	 */
	private final boolean interrupted;

	private volatile boolean responseStarted;

	private volatile long characters;

	private volatile long reasoningCharacters;

	private volatile long firstToken = NEVER;

	private volatile @Nullable TokenUsage tokens;

	private volatile @Nullable Usage usage;

	private volatile @Nullable ChatResponseMetadata responseMetadata;

	private volatile List<?> toolUses = List.of();

	private volatile long turns = 1;

	/**
	 * Outcome of the last attempt that another client has made on behalf of this one.
	 */
	private volatile @Nullable String delegateOutcome;

	MeteredAttempt(String client, Prompt prompt, AttemptContext context, @Nullable MeteredAttempt outer,
			MeteringSettings metering, CostResolver settlement) {
		this.outer = outer;
		this.client = client;
		this.prompt = prompt;
		this.context = context;
		this.settings = metering;
		this.costResolver = settlement;
		this.bounds = new TokenBounds(metering.catalog());
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		this.model = (model != null) ? model : "";
		CallCostCollector costs = CallCostCollector.of(prompt);
		this.tenant = (costs != null) ? costs.tenant(prompt, metering.tenants()) : metering.tenants().tenantOf(prompt);
		if (costs != null) {
			costs.attemptStarted(this.model);
		}
		this.interrupted = Thread.currentThread().isInterrupted();
		this.started = metering.nanoTime().getAsLong();
	}

	ChatResponse onResponse(ChatResponse answer) {
		update(answer, true);
		for (Generation generation : answer.getResults()) {
			countReasoning(generation, "reasoning");
		}
		this.context.end();
		return withCost(answer, settle(SUCCESS, true));
	}

	void onError(Throwable failure) {
		if (this.delegateOutcome == null && failure instanceof GrokApiException stopped
				&& GrokApiException.RESPONSE_TOO_LARGE.equals(stopped.code())) {
			this.settings.listener().onEvent(new OutputStopped(this.client, this.model, OutputStopped.TOO_LARGE));
		}
		this.context.fail(failure);
		settle(outcome(failure), this.responseStarted || mayBeBilled(failure));
	}

	/**
	 * Whether xAI has received the request without reporting a failure, and may therefore
	 * bill it although there is no response.
	 */
	private boolean mayBeBilled(Throwable failure) {
		if (failure instanceof GrokApiException lost) {
			return lost.isSent() && (GATEWAY_TIMEOUT_STATUSES.contains(lost.status())
					|| (lost.status() < FIRST_ERROR_STATUS && KINDS_WITHOUT_RESPONSE.contains(lost.kind())));
		}
		if (failure instanceof GrokException known && known.isUnsent()) {
			return false;
		}
		return failure.getClass() == GrokException.class && !this.interrupted && Thread.currentThread().isInterrupted();
	}

	ChatResponse onElement(ChatResponse element) {
		boolean last = ChatResponses.isLast(element);
		update(element, last);
		if (this.firstToken == NEVER && ChatResponses.hasContent(element)) {
			this.firstToken = this.settings.nanoTime().getAsLong();
		}
		if (!last) {
			return element;
		}
		this.context.end();
		return withCost(element, settle(SUCCESS, true));
	}

	void onComplete() {
		this.context.end();
		settle(SUCCESS, true);
	}

	/**
	 * Ends an attempt whose subscriber has cancelled.
	 * @param sent whether the request may have reached xAI
	 */
	void onCancel(boolean sent) {
		this.context.end();
		settle(CANCELLED, this.responseStarted || sent);
	}

	private void update(ChatResponse element, boolean last) {
		this.responseStarted = true;
		ChatResponseMetadata metadata = element.getMetadata();
		Usage usage = metadata.getUsage();
		TokenUsage tokens = (usage instanceof EmptyUsage) ? null : TokenUsage.from(usage);
		if (tokens != null) {
			this.usage = usage;
			this.tokens = tokens;
		}
		ChatResponseMetadata identity = this.responseMetadata;
		if (last || identity == null
				|| (!StringUtils.hasText(identity.getModel()) && StringUtils.hasText(metadata.getModel()))) {
			this.responseMetadata = metadata;
		}
		if (metadata.get(ToolUse.METADATA_KEY) instanceof List<?> uses) {
			this.toolUses = uses;
		}
		if (metadata.get(TURNS) instanceof Integer told) {
			this.turns = told;
		}
		for (Generation generation : element.getResults()) {
			long visible = CharacterTokenEstimate.charactersOf(generation.getOutput());
			if (visible > 0) {
				this.characters = this.characters + visible;
			}
			countReasoning(generation, "reasoning-delta");
		}
	}

	private void countReasoning(Generation generation, String key) {
		if (generation.getOutput().getMetadata().get(key) instanceof String thought) {
			this.reasoningCharacters = this.reasoningCharacters + thought.length();
		}
	}

	private @Nullable MeteredCost settle(String outcome, boolean billable) {
		if (!this.settled.compareAndSet(false, true)) {
			return null;
		}
		if (this.outer != null) {
			this.outer.delegateOutcome = outcome;
		}
		if (isMeteredByOtherClient(outcome)) {
			return null;
		}
		long duration = this.settings.nanoTime().getAsLong() - this.started;
		ChatResponseMetadata metadata = this.responseMetadata;
		TokenUsage tokens = this.tokens;
		if (tokens == null && billable) {
			tokens = estimateTokens(outcome, duration);
		}
		else if (tokens != null && !SUCCESS.equals(outcome)) {
			tokens = withToolUses(tokens);
		}
		try {
			return (tokens != null) ? recordCost(tokens, metadata, outcome, duration) : null;
		}
		finally {
			publishFinished(outcome, duration, metadata);
		}
	}

	/**
	 * Whether the attempt was delegated to another client that has already recorded its
	 * cost. The outcomes differ if the delegated call was made in addition to this
	 * attempt.
	 */
	private boolean isMeteredByOtherClient(String outcome) {
		ChatResponseMetadata metadata = this.responseMetadata;
		if (SUCCESS.equals(outcome)) {
			return metadata != null && metadata.get("grok.tokens") instanceof TokenUsage;
		}
		String other = this.delegateOutcome;
		return other != null && !SUCCESS.equals(other) && CANCELLED.equals(outcome) == CANCELLED.equals(other);
	}

	/**
	 * Estimates the tokens from the part of the response that was received or, if there
	 * is none, from the elapsed time.
	 */
	private TokenUsage estimateTokens(String outcome, long duration) {
		boolean unseen = this.characters == 0 && this.reasoningCharacters == 0 && this.toolUses.isEmpty()
				&& !SUCCESS.equals(outcome);
		long written = unseen ? TimeUnit.NANOSECONDS.toMillis(duration) * TOKENS_PER_SECOND / MILLIS_PER_SECOND
				: CharacterTokenEstimate.of(this.characters);
		return withToolUses(TokenUsage.estimated(Ticks.times(CharacterTokenEstimate.of(this.prompt), this.turns),
				written, CharacterTokenEstimate.of(this.reasoningCharacters)));
	}

	/**
	 * Usage reported before the end of a response may not include tool runs.
	 */
	private TokenUsage withToolUses(TokenUsage tokens) {
		return tokens.serverToolCalls().isEmpty() ? tokens.withServerToolCalls(ServerToolRuns.finished(this.toolUses))
				: tokens;
	}

	private MeteredCost recordCost(TokenUsage counted, @Nullable ChatResponseMetadata metadata, String outcome,
			long duration) {
		String answering = (metadata != null && StringUtils.hasText(metadata.getModel())) ? metadata.getModel()
				: this.model;
		boolean believed = counted.estimated() || this.bounds.isPlausible(counted, answering, this.prompt.getOptions());
		TokenUsage tokens = believed ? counted : replaceImplausible(counted, answering, outcome, duration);
		Instant now = this.settings.clock().instant();
		PriceConditions conditions = PriceConditions.ofTier((metadata != null) ? metadata.get("service_tier") : null)
			.withContextTokens(contextTokens(tokens, believed));
		long reported = XaiUsage.reportedTicks(this.usage);
		if (believed && !tokens.estimated()) {
			this.costResolver.reportLargePrompt(this.client, answering,
					(conditions.contextTokens() > 0) ? conditions.contextTokens() : tokens.prompt(), now);
		}
		Cost settled = this.costResolver.resolve(tokens, reported, answering, now, conditions, () -> worstCase(now));
		Cost cost = (settled != null) ? settled : Cost.NONE;
		// Before listeners are notified, so that a failing listener does not make the
		// call free
		CallCostCollector costs = CallCostCollector.of(this.prompt);
		if (costs != null) {
			costs.add(this.model, cost);
		}
		this.settings.listener()
			.onEvent(new CostRecorded(this.client, this.model, answering, tokens.input(), tokens.cachedInput(),
					tokens.imageInput(), tokens.output(), tokens.reasoning(), tokens.serverToolCalls(), cost.ticks(),
					cost.tableTicks(), this.costResolver.savedByCache(tokens, answering, now, conditions),
					cost.source().id(), tokens.estimated() || cost.estimated(), this.tenant, now, this.context.callId(),
					this.context.number(), this.context.requestId(), this.context.conversationId()));
		if (!believed || (settled != null && reported > 0 && (cost.source() == Cost.Source.NONE || cost.estimated()
				|| CostResolver.isImplausible(reported, cost.tableTicks())))) {
			this.settings.listener()
				.onEvent(new ImplausibleUsageReported(this.client, answering, counted.prompt(), counted.billedOutput(),
						reported, cost.ticks()));
		}
		return new MeteredCost(tokens, settled, believed);
	}

	private long contextTokens(TokenUsage tokens, boolean believed) {
		if (tokens.estimated()) {
			return tokens.prompt() / this.turns;
		}
		return believed ? XaiUsage.contextTokens(this.usage) : 0;
	}

	private TokenUsage replaceImplausible(TokenUsage counted, String answering, String outcome, long duration) {
		this.costResolver.warnAboutTokens(counted, answering);
		TokenUsage estimated = estimateTokens(outcome, duration);
		return TokenBounds.hasPlausibleToolCalls(counted.serverToolCalls()) ? new TokenUsage(estimated.input(), 0, 0,
				estimated.output(), estimated.reasoning(), counted.serverToolCalls(), true) : estimated;
	}

	private long worstCase(Instant now) {
		CallCostCollector costs = CallCostCollector.of(this.prompt);
		long reserved = (costs != null) ? costs.worstCase(this.model) : Long.MAX_VALUE;
		return (reserved < Long.MAX_VALUE) ? reserved : this.costResolver.worstCase(this.prompt, now);
	}

	private void publishFinished(String outcome, long duration, @Nullable ChatResponseMetadata metadata) {
		@Nullable Object timing = (metadata != null) ? metadata.get("grok.server-timing") : null;
		ServerTiming server = (timing instanceof ServerTiming known) ? known : null;
		long first = this.firstToken;
		this.settings.listener()
			.onEvent(new AttemptFinished(this.client, this.model, api(), outcome, Duration.ofNanos(duration),
					(first != NEVER) ? Duration.ofNanos(first - this.started) : null,
					(server != null) ? millis(server.timeToFirstToken()) : null,
					(server != null) ? millis(server.endToEnd()) : null, this.context.callId(), this.context.number(),
					this.context.requestId(), this.context.conversationId()));
	}

	// Attempts without a response have no usage from which to derive the API
	private String api() {
		GrokApi api = XaiUsage.isResponsesUsage(this.usage) ? GrokApi.RESPONSES : GrokApi.CHAT_COMPLETIONS;
		if (this.prompt.getOptions() instanceof GrokChatOptions options) {
			boolean asked = options.getApi() != null && options.getApi() != GrokApi.AUTO;
			if (asked || this.usage == null) {
				api = EndpointSelector.select(this.prompt, options, this.settings.catalog());
			}
		}
		return api.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static ChatResponse withCost(ChatResponse answer, @Nullable MeteredCost bill) {
		if (bill == null) {
			return answer;
		}
		TokenUsage tokens = bill.tokens();
		// Stages above must not learn from implausible usage
		Usage usage = bill.plausible() ? answer.getMetadata().getUsage()
				: new DefaultUsage(toInt(tokens.prompt()), toInt(tokens.billedOutput()), toInt(tokens.total()));
		return ChatResponses.with(answer, usage, (bill.cost() != null)
				? Map.of("grok.tokens", tokens, "grok.cost", bill.cost()) : Map.of("grok.tokens", tokens));
	}

	private static int toInt(long tokens) {
		return (int) Math.min(tokens, Integer.MAX_VALUE);
	}

	private static String outcome(Throwable failure) {
		ErrorKind kind = ErrorKind.UNKNOWN;
		if (failure instanceof GrokApiException refused) {
			kind = refused.kind();
		}
		else if (failure instanceof UnsupportedParameterException) {
			kind = ErrorKind.UNSUPPORTED_PARAMETER;
		}
		return kind.name().toLowerCase(Locale.ROOT);
	}

	private static @Nullable Duration millis(double millis) {
		return Double.isNaN(millis) ? null : Duration.ofNanos((long) (millis * 1_000_000));
	}

	/**
	 * Tokens and cost of an attempt.
	 *
	 * @param tokens the billed tokens
	 * @param cost the cost, {@code null} if only tokens are counted
	 * @param plausible whether the tokens are those reported by xAI, if it reported any
	 */
	private record MeteredCost(TokenUsage tokens, @Nullable Cost cost, boolean plausible) {

	}

}
