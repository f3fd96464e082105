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
 * One attempt, from the moment it is made until it is settled, which happens once. The
 * elements of a stream come one after another; a cancellation may come from another
 * thread at any time.
 */
final class MeteredAttempt {

	private static final String SUCCESS = "success";

	private static final String CANCELLED = "cancelled";

	private static final long NEVER = -1;

	private static final int FIRST_STATUS_OF_FAILURE = 400;

	private static final Set<ErrorKind> WITHOUT_ANSWER = EnumSet.of(ErrorKind.TIMEOUT, ErrorKind.CONNECTION,
			ErrorKind.STREAM_BROKEN);

	/** How often the model has read its prompt, as far as a response tells. */
	private static final String TURNS = "grok.turns";

	/** What gateways say that stand before a model that is still at work. */
	private static final Set<Integer> GAVE_UP_WAITING = Set.of(504, 524);

	/** An assumption: nobody says how far a model had come of which nothing was heard. */
	private static final long TOKENS_IN_A_SECOND = 50;

	private static final long MILLIS_OF_SECOND = 1000;

	private final String client;

	private final Prompt prompt;

	private final AttemptContext context;

	private final String model;

	private final @Nullable String tenant;

	private final MeteringSettings metering;

	private final CostResolver settlement;

	private final TokenBounds bounds;

	private final @Nullable MeteredAttempt outer;

	private final long started;

	private final AtomicBoolean settled = new AtomicBoolean();

	/** Whether the thread was interrupted before, and so has sent nothing. */
	private final boolean interrupted;

	private volatile boolean begun;

	private volatile long characters;

	private volatile long thoughtCharacters;

	private volatile long firstToken = NEVER;

	private volatile @Nullable TokenUsage tokens;

	private volatile @Nullable Usage usage;

	private volatile @Nullable ChatResponseMetadata identity;

	private volatile List<?> toolUses = List.of();

	private volatile long turns = 1;

	/** How the last attempt ended that another client made in the place of this one. */
	private volatile @Nullable String delegated;

	MeteredAttempt(String client, Prompt prompt, AttemptContext context, @Nullable MeteredAttempt outer,
			MeteringSettings metering, CostResolver settlement) {
		this.outer = outer;
		this.client = client;
		this.prompt = prompt;
		this.context = context;
		this.metering = metering;
		this.settlement = settlement;
		this.bounds = new TokenBounds(metering.catalog());
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		this.model = (model != null) ? model : "";
		CallCostCollector costs = CallCostCollector.of(prompt);
		this.tenant = (costs != null) ? costs.tenant(prompt, metering.tenants()) : metering.tenants().tenantOf(prompt);
		if (costs != null) {
			costs.begin(this.model);
		}
		this.interrupted = Thread.currentThread().isInterrupted();
		this.started = metering.nanoTime().getAsLong();
	}

	/**
	 * The whole answer has come.
	 * @return the answer with tokens and cost
	 */
	ChatResponse succeeded(ChatResponse answer) {
		see(answer, true);
		for (Generation generation : answer.getResults()) {
			countThought(generation, "reasoning");
		}
		this.context.end();
		return withBill(answer, settle(SUCCESS, true));
	}

	/**
	 * The attempt has failed, perhaps in the middle of its stream.
	 */
	void failed(Throwable failure) {
		if (this.delegated == null && failure instanceof GrokApiException stopped
				&& GrokApiException.RESPONSE_TOO_LARGE.equals(stopped.code())) {
			this.metering.listener().onEvent(new OutputStopped(this.client, this.model, OutputStopped.TOO_LARGE));
		}
		this.context.fail(failure);
		settle(outcome(failure), this.begun || mayBeBilled(failure));
	}

	/**
	 * Whether xAI had the request and did not say that it failed, so that it may take
	 * money for what nobody got.
	 */
	private boolean mayBeBilled(Throwable failure) {
		if (failure instanceof GrokApiException lost) {
			return lost.isSent() && (GAVE_UP_WAITING.contains(lost.status())
					|| (lost.status() < FIRST_STATUS_OF_FAILURE && WITHOUT_ANSWER.contains(lost.kind())));
		}
		if (failure instanceof GrokException known && known.isUnsent()) {
			return false;
		}
		return failure.getClass() == GrokException.class && !this.interrupted && Thread.currentThread().isInterrupted();
	}

	/**
	 * An element of a stream has come. With the last one the whole stream is known.
	 * @return the element, the last one with tokens and cost
	 */
	ChatResponse next(ChatResponse element) {
		boolean last = ChatResponses.isLast(element);
		see(element, last);
		if (this.firstToken == NEVER && ChatResponses.hasContent(element)) {
			this.firstToken = this.metering.nanoTime().getAsLong();
		}
		if (!last) {
			return element;
		}
		this.context.end();
		return withBill(element, settle(SUCCESS, true));
	}

	/**
	 * The stream has come to its end, with or without a last element.
	 */
	void completed() {
		this.context.end();
		settle(SUCCESS, true);
	}

	/**
	 * Nobody wants the rest of the stream.
	 * @param sent whether the request may have reached xAI
	 */
	void cancelled(boolean sent) {
		this.context.end();
		settle(CANCELLED, this.begun || sent);
	}

	private void see(ChatResponse element, boolean last) {
		this.begun = true;
		ChatResponseMetadata metadata = element.getMetadata();
		Usage usage = metadata.getUsage();
		TokenUsage tokens = (usage instanceof EmptyUsage) ? null : TokenUsage.from(usage);
		if (tokens != null) {
			this.usage = usage;
			this.tokens = tokens;
		}
		ChatResponseMetadata identity = this.identity;
		if (last || identity == null
				|| (!StringUtils.hasText(identity.getModel()) && StringUtils.hasText(metadata.getModel()))) {
			this.identity = metadata;
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
			countThought(generation, "reasoning-delta");
		}
	}

	private void countThought(Generation generation, String key) {
		if (generation.getOutput().getMetadata().get(key) instanceof String thought) {
			this.thoughtCharacters = this.thoughtCharacters + thought.length();
		}
	}

	private @Nullable Bill settle(String outcome, boolean billable) {
		if (!this.settled.compareAndSet(false, true)) {
			return null;
		}
		if (this.outer != null) {
			this.outer.delegated = outcome;
		}
		if (isOfOtherClient(outcome)) {
			return null;
		}
		long duration = this.metering.nanoTime().getAsLong() - this.started;
		ChatResponseMetadata metadata = this.identity;
		TokenUsage tokens = this.tokens;
		if (tokens == null && billable) {
			tokens = estimated(outcome, duration);
		}
		else if (tokens != null && !SUCCESS.equals(outcome)) {
			tokens = withToolUses(tokens);
		}
		try {
			return (tokens != null) ? bill(tokens, metadata, outcome, duration) : null;
		}
		finally {
			finish(outcome, duration, metadata);
		}
	}

	/**
	 * Whether another client made the attempt, which has told what it cost. What another
	 * client was asked beside this attempt has ended otherwise.
	 */
	private boolean isOfOtherClient(String outcome) {
		ChatResponseMetadata metadata = this.identity;
		if (SUCCESS.equals(outcome)) {
			return metadata != null && metadata.get("grok.tokens") instanceof TokenUsage;
		}
		String other = this.delegated;
		return other != null && !SUCCESS.equals(other) && CANCELLED.equals(outcome) == CANCELLED.equals(other);
	}

	/**
	 * What was seen of the answer or, when nothing was, what a model writes and thinks in
	 * the time that has passed.
	 */
	private TokenUsage estimated(String outcome, long duration) {
		boolean unseen = this.characters == 0 && this.thoughtCharacters == 0 && this.toolUses.isEmpty()
				&& !SUCCESS.equals(outcome);
		long written = unseen ? TimeUnit.NANOSECONDS.toMillis(duration) * TOKENS_IN_A_SECOND / MILLIS_OF_SECOND
				: CharacterTokenEstimate.of(this.characters);
		return withToolUses(TokenUsage.estimated(Ticks.times(CharacterTokenEstimate.of(this.prompt), this.turns),
				written, CharacterTokenEstimate.of(this.thoughtCharacters)));
	}

	/**
	 * A count that was made before the end of the response may say nothing of tools.
	 */
	private TokenUsage withToolUses(TokenUsage tokens) {
		return tokens.serverToolCalls().isEmpty() ? tokens.withServerToolCalls(ServerToolRuns.finished(this.toolUses))
				: tokens;
	}

	private Bill bill(TokenUsage counted, @Nullable ChatResponseMetadata metadata, String outcome, long duration) {
		String answering = (metadata != null && StringUtils.hasText(metadata.getModel())) ? metadata.getModel()
				: this.model;
		boolean believed = counted.estimated() || this.bounds.allow(counted, answering, this.prompt.getOptions());
		TokenUsage tokens = believed ? counted : instead(counted, answering, outcome, duration);
		Instant now = this.metering.clock().instant();
		PriceConditions conditions = PriceConditions.ofTier((metadata != null) ? metadata.get("service_tier") : null)
			.withContextTokens(contextTokens(tokens, believed));
		long reported = XaiUsage.reportedTicks(this.usage);
		if (believed && !tokens.estimated()) {
			this.settlement.reportLargePrompt(this.client, answering,
					(conditions.contextTokens() > 0) ? conditions.contextTokens() : tokens.prompt(), now);
		}
		Cost settled = this.settlement.settle(tokens, reported, answering, now, conditions, () -> worstCase(now));
		Cost cost = (settled != null) ? settled : Cost.NONE;
		// Before anybody else is told: a call must not be free because a listener fails.
		CallCostCollector costs = CallCostCollector.of(this.prompt);
		if (costs != null) {
			costs.add(this.model, cost);
		}
		this.metering.listener()
			.onEvent(new CostRecorded(this.client, this.model, answering, tokens.input(), tokens.cachedInput(),
					tokens.imageInput(), tokens.output(), tokens.reasoning(), tokens.serverToolCalls(), cost.ticks(),
					cost.tableTicks(), this.settlement.savedByCache(tokens, answering, now, conditions),
					cost.source().id(), tokens.estimated() || cost.estimated(), this.tenant, now, this.context.callId(),
					this.context.number(), this.context.requestId(), this.context.conversationId()));
		if (!believed || (settled != null && reported > 0 && (cost.source() == Cost.Source.NONE || cost.estimated()
				|| CostResolver.isFarFromEachOther(reported, cost.tableTicks())))) {
			this.metering.listener()
				.onEvent(new ImplausibleUsageReported(this.client, answering, counted.prompt(), counted.billedOutput(),
						reported, cost.ticks()));
		}
		return new Bill(tokens, settled, believed);
	}

	private long contextTokens(TokenUsage tokens, boolean believed) {
		if (tokens.estimated()) {
			return tokens.prompt() / this.turns;
		}
		return believed ? XaiUsage.contextTokens(this.usage) : 0;
	}

	/**
	 * What counts in place of tokens that cannot be true.
	 */
	private TokenUsage instead(TokenUsage counted, String answering, String outcome, long duration) {
		this.settlement.warnAboutTokens(counted, answering);
		TokenUsage estimated = estimated(outcome, duration);
		return TokenBounds.allowToolCalls(counted.serverToolCalls()) ? new TokenUsage(estimated.input(), 0, 0,
				estimated.output(), estimated.reasoning(), counted.serverToolCalls(), true) : estimated;
	}

	private long worstCase(Instant now) {
		CallCostCollector costs = CallCostCollector.of(this.prompt);
		long reserved = (costs != null) ? costs.worstCase(this.model) : Long.MAX_VALUE;
		return (reserved < Long.MAX_VALUE) ? reserved : this.settlement.worstCase(this.prompt, now);
	}

	private void finish(String outcome, long duration, @Nullable ChatResponseMetadata metadata) {
		@Nullable Object timing = (metadata != null) ? metadata.get("grok.server-timing") : null;
		ServerTiming server = (timing instanceof ServerTiming known) ? known : null;
		long first = this.firstToken;
		this.metering.listener()
			.onEvent(new AttemptFinished(this.client, this.model, api(), outcome, Duration.ofNanos(duration),
					(first != NEVER) ? Duration.ofNanos(first - this.started) : null,
					(server != null) ? millis(server.timeToFirstToken()) : null,
					(server != null) ? millis(server.endToEnd()) : null, this.context.callId(), this.context.number(),
					this.context.requestId(), this.context.conversationId()));
	}

	// What was not answered has no usage that would tell.
	private String api() {
		GrokApi api = XaiUsage.isOfResponses(this.usage) ? GrokApi.RESPONSES : GrokApi.CHAT_COMPLETIONS;
		if (this.prompt.getOptions() instanceof GrokChatOptions options) {
			boolean asked = options.getApi() != null && options.getApi() != GrokApi.AUTO;
			if (asked || this.usage == null) {
				api = EndpointSelector.select(this.prompt, options, this.metering.catalog());
			}
		}
		return api.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static ChatResponse withBill(ChatResponse answer, @Nullable Bill bill) {
		if (bill == null) {
			return answer;
		}
		TokenUsage tokens = bill.tokens();
		// What is not believed here is not to fill up limits or teach anything above
		Usage usage = bill.believed() ? answer.getMetadata().getUsage()
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
	 * What an attempt is billed by, and how much.
	 *
	 * @param tokens the tokens
	 * @param cost the cost, {@code null} when only tokens are counted
	 * @param believed whether the tokens are those of xAI, if it counted any
	 */
	private record Bill(TokenUsage tokens, @Nullable Cost cost, boolean believed) {

	}

}
