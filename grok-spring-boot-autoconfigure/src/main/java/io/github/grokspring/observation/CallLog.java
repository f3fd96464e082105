package io.github.grokspring.observation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.CallObserver;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.error.GrokApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * Logs one structured line per call to the logger {@code io.github.grokspring.calls}.
 * Never logs API keys, prompts or responses.
 *
 * @since 0.1.0
 */
public final class CallLog implements CallObserver {

	private static final Log logger = LogFactory.getLog("io.github.grokspring.calls");

	private final boolean info;

	private final LongSupplier nanoTime;

	/**
	 * Creates a call log.
	 * @param info whether to log at {@code INFO} instead of {@code DEBUG}
	 * @param nanoTime the time source for durations, in nanoseconds
	 */
	public CallLog(boolean info, LongSupplier nanoTime) {
		this.info = info;
		this.nanoTime = nanoTime;
	}

	@Override
	public @Nullable ObservedCall start(CallContext call, String client, String model) {
		boolean enabled = this.info ? logger.isInfoEnabled() : logger.isDebugEnabled();
		return enabled ? new LoggedCall(call.id(), client, model) : null;
	}

	private final class LoggedCall implements ObservedCall {

		private final String callId;

		private final String client;

		private final String model;

		private final long start = CallLog.this.nanoTime.getAsLong();

		private final AtomicBoolean ended = new AtomicBoolean();

		private volatile @Nullable ChatResponse last;

		LoggedCall(String callId, String client, String model) {
			this.callId = callId;
			this.client = client;
			this.model = model;
		}

		@Override
		public void onNext(ChatResponse response) {
			this.last = response;
		}

		@Override
		public void onEnd(String outcome, @Nullable Throwable failure) {
			if (!this.ended.compareAndSet(false, true)) {
				return;
			}
			StringBuilder line = new StringBuilder(200);
			append(line, "call", this.callId);
			append(line, "client", this.client);
			append(line, "model", LogSanitizer.sanitize(this.model));
			append(line, "outcome", outcome);
			ChatResponse response = this.last;
			ChatResponseMetadata metadata = (response != null) ? response.getMetadata() : null;
			append(line, "attempts", attempts(metadata, failure));
			append(line, "duration",
					TimeUnit.NANOSECONDS.toMillis(CallLog.this.nanoTime.getAsLong() - this.start) + "ms");
			if (failure instanceof GrokApiException exception && exception.requestId() != null) {
				append(line, "request_id", LogSanitizer.sanitize(exception.requestId()));
			}
			if (metadata != null) {
				append(line, metadata);
			}
			if (CallLog.this.info) {
				logger.info(line);
			}
			else {
				logger.debug(line);
			}
		}

		private static @Nullable Object attempts(@Nullable ChatResponseMetadata metadata, @Nullable Throwable failure) {
			if (failure instanceof GrokApiException exception) {
				return exception.isSent() ? exception.attempts() : null;
			}
			return (metadata != null) ? metadata.get("grok.attempts") : null;
		}

		private static void append(StringBuilder line, ChatResponseMetadata metadata) {
			if (!metadata.getModel().isEmpty()) {
				append(line, "response_model", LogSanitizer.sanitize(metadata.getModel()));
			}
			append(line, "request_id", metadata.get("grok.request-id"));
			append(line, "cache", metadata.get("grok.cache"));
			if (metadata.get("grok.tokens") instanceof TokenUsage tokens) {
				append(line, "input", tokens.input() + tokens.imageInput());
				append(line, "cached_input", tokens.cachedInput());
				append(line, "output", tokens.output());
				append(line, "reasoning", tokens.reasoning());
			}
			if (metadata.get("grok.cost") instanceof Cost cost) {
				append(line, "cost_usd", UsdFormat.format(cost.ticks()));
			}
		}

		private static void append(StringBuilder line, String name, @Nullable Object value) {
			if (value != null) {
				line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(value);
			}
		}

	}

}
