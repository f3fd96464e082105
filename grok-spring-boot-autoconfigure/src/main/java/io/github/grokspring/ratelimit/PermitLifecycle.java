package io.github.grokspring.ratelimit;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.SendState;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.EmptyRateLimit;
import org.springframework.ai.chat.metadata.RateLimit;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Releases a permit when its request ends, with the usage and the rate limit headers of
 * the response.
 */
final class PermitLifecycle implements CallLifecycle {

	private static final int CHARACTERS_PER_TOKEN = 4;

	private final Permit permit;

	// Null for blocking calls
	private final @Nullable SendState sendState;

	private volatile long characters;

	private volatile @Nullable Usage usage;

	private volatile @Nullable RateLimit rateLimit;

	PermitLifecycle(Permit permit, @Nullable SendState sendState) {
		this.permit = permit;
		this.sendState = sendState;
	}

	@Override
	public ChatResponse onNext(ChatResponse element) {
		ChatResponseMetadata metadata = element.getMetadata();
		if (metadata.getUsage().getTotalTokens() > 0) {
			this.usage = metadata.getUsage();
		}
		if (!(metadata.getRateLimit() instanceof EmptyRateLimit)) {
			this.rateLimit = metadata.getRateLimit();
		}
		Generation generation = element.getResult();
		String text = (generation != null) ? generation.getOutput().getText() : null;
		if (text != null) {
			this.characters = this.characters + text.length();
		}
		return element;
	}

	@Override
	public void onComplete() {
		this.permit.release(UsageReport.completed(this.usage, this.rateLimit));
	}

	@Override
	public void onError(Throwable failure) {
		this.permit.release(report(failure));
	}

	@Override
	public void onCancel() {
		boolean sent = this.sendState == null || this.sendState.isPossiblySent();
		this.permit.release(sent ? incomplete() : UsageReport.unsent());
	}

	private UsageReport report(Throwable failure) {
		if (failure instanceof GrokApiException apiFailure) {
			if (!apiFailure.isSent()) {
				return UsageReport.unsent();
			}
			boolean rejected = apiFailure.status() >= 400 || apiFailure.kind() == ErrorKind.RATE_LIMITED;
			return rejected ? UsageReport.rejected(apiFailure) : incomplete();
		}
		if (failure instanceof CircuitOpenException) {
			return UsageReport.unsent();
		}
		if (failure instanceof GrokException known && known.isUnsent()) {
			return UsageReport.unsent();
		}
		boolean interrupted = Thread.currentThread().isInterrupted();
		return (failure instanceof GrokException && !interrupted) ? UsageReport.unsent() : incomplete();
	}

	// What xAI counts for an incomplete response is unknown: at least the prompt and what
	// was received
	private UsageReport incomplete() {
		Usage known = this.usage;
		return (known != null) ? UsageReport.completed(known, this.rateLimit)
				: UsageReport.incomplete(this.permit.promptTokens() + this.characters / CHARACTERS_PER_TOKEN);
	}

}
