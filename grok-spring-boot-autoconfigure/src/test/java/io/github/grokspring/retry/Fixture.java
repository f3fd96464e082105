package io.github.grokspring.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.event.AttemptFailed;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Client with the default retries, but without jitter and with recorded delays.
 */
final class Fixture {

	static final RetryRule RULE = RetryRule.retryable()
		.atMost(3, ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED, ErrorKind.STREAM_BROKEN)
		.atMost(3, RetryRule.lostConnection())
		.atMost(2, ErrorKind.TIMEOUT)
		.atMost(5);

	static final Backoff BACKOFF = Backoff.exponential(seconds(2), 2, seconds(120)).respectingRetryAfter();

	private final List<AttemptFailed> events = new CopyOnWriteArrayList<>();

	private final RecordingSleeper recordingSleeper = new RecordingSleeper();

	private RetryRule rule = RULE;

	private RetryBudget budget = RetryBudget.unlimited();

	private Duration maxTotalWait = Duration.ofMinutes(5);

	private Sleeper sleeper = this.recordingSleeper;

	Fixture rule(RetryRule rule) {
		this.rule = rule;
		return this;
	}

	Fixture budget(RetryBudget budget) {
		this.budget = budget;
		return this;
	}

	Fixture maxTotalWait(Duration maxTotalWait) {
		this.maxTotalWait = maxTotalWait;
		return this;
	}

	Fixture sleeper(Sleeper sleeper) {
		this.sleeper = sleeper;
		return this;
	}

	RetrySettings settings() {
		return new RetrySettings(this.rule, BACKOFF, this.budget, this.maxTotalWait, this.sleeper);
	}

	GrokChatModel model(ChatModel transport, ChatModelDecorator... inner) {
		List<ChatModelDecorator> decorators = new ArrayList<>();
		decorators.add(RetryingChatModel.decorator(settings(), (event) -> this.events.add((AttemptFailed) event)));
		decorators.addAll(List.of(inner));
		return GrokChatModel.builder("transport", transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(decorators)
			.build();
	}

	List<Duration> waits() {
		return this.recordingSleeper.delays();
	}

	List<AttemptFailed> events() {
		return this.events;
	}

	static Duration seconds(long seconds) {
		return Duration.ofSeconds(seconds);
	}

}
