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
 * A request under way, and what is known of its answer so far: what it used, and what its
 * headers said. Knows what of a permit comes back when the request ends in one way or
 * another.
 */
final class PermitHolder implements CallLifecycle {

	private static final int CHARACTERS_PER_TOKEN = 4;

	private final Permit permit;

	private final @Nullable SendState sendState;

	private volatile long characters;

	private volatile @Nullable Usage usage;

	private volatile @Nullable RateLimit told;

	/**
	 * Starts an attempt.
	 * @param permit what it holds
	 * @param sendState tells whether a stream was sent, {@code null} for a call
	 */
	PermitHolder(Permit permit, @Nullable SendState sendState) {
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
			this.told = metadata.getRateLimit();
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
		this.permit.end(UsageReport.answered(this.usage, this.told));
	}

	@Override
	public void onError(Throwable failure) {
		this.permit.end(settlement(failure));
	}

	@Override
	public void onCancel() {
		boolean sent = this.sendState == null || this.sendState.isPossiblySent();
		this.permit.end(sent ? cutShort() : UsageReport.unsent());
	}

	private UsageReport settlement(Throwable failure) {
		if (failure instanceof GrokApiException refusal) {
			if (!refusal.isSent()) {
				return UsageReport.unsent();
			}
			boolean refused = refusal.status() >= 400 || refusal.kind() == ErrorKind.RATE_LIMITED;
			return refused ? UsageReport.refused(refusal) : cutShort();
		}
		if (failure instanceof CircuitOpenException) {
			return UsageReport.unsent();
		}
		if (failure instanceof GrokException known && known.isUnsent()) {
			return UsageReport.unsent();
		}
		boolean interrupted = Thread.currentThread().isInterrupted();
		return (failure instanceof GrokException && !interrupted) ? UsageReport.unsent() : cutShort();
	}

	/**
	 * Nobody tells what xAI counts for an answer that broke off: the prompt, and at least
	 * what was seen.
	 */
	private UsageReport cutShort() {
		Usage known = this.usage;
		return (known != null) ? UsageReport.answered(known, this.told)
				: UsageReport.cutShort(this.permit.promptTokens() + this.characters / CHARACTERS_PER_TOKEN);
	}

}
