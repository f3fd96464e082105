package io.github.grokspring.fallback;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Fallbacks of one prompt, from the first failure on. Used by one thread at a time.
 */
final class FallbackSequence {

	private final FallbackPlan plan;

	private final Iterator<Candidate> candidates;

	private final List<Throwable> failures = new ArrayList<>();

	private int attempts;

	private String model;

	private boolean external;

	FallbackSequence(FallbackPlan plan, Prompt prompt, Set<String> active) {
		this.plan = plan;
		ChatOptions options = Objects.requireNonNull(prompt.getOptions(), "The prompt must have complete options");
		this.model = Objects.requireNonNull(options.getModel(), "The prompt must name a model");
		this.candidates = candidates(this.model, active);
	}

	private Iterator<Candidate> candidates(String first, Set<String> active) {
		Set<String> ids = new HashSet<>();
		ids.add(this.plan.idOf(first));
		return Stream
			.<Candidate>concat(
					this.plan.models().stream().filter((candidate) -> ids.add(this.plan.idOf(candidate.name()))),
					this.plan.others().stream().filter((candidate) -> !active.contains(candidate.name())))
			.iterator();
	}

	/**
	 * Chooses the next candidate and publishes the fallback; returns {@code null} if the
	 * failure is final.
	 */
	@Nullable Candidate next(Throwable failure) {
		FallbackReason reason = reason(failure);
		if (reason == null || !this.candidates.hasNext()) {
			return null;
		}
		Candidate next = this.candidates.next();
		this.plan.publish(this.model, next.name(), reason);
		this.failures.add(failure);
		this.attempts += attempts(failure);
		this.model = next.name();
		this.external = next instanceof ExternalCandidate;
		return next;
	}

	// A rejection by a stage was not sent, but earlier attempts may have been
	private static int attempts(Throwable failure) {
		if (failure instanceof GrokApiException known) {
			return known.attempts();
		}
		return (failure instanceof GrokException) ? Stream.of(failure.getSuppressed())
			.mapToInt((earlier) -> (earlier instanceof GrokApiException known) ? known.attempts() : 0)
			.sum() : 1;
	}

	ChatResponse withAttempts(ChatResponse response) {
		int attempts = (response.getMetadata().get(ChatResponses.ATTEMPTS) instanceof Integer number) ? number : 1;
		return ChatResponses.with(response, ChatResponses.ATTEMPTS, this.attempts + attempts);
	}

	// Failures of other providers cannot be classified, so all lead to the next candidate
	private @Nullable FallbackReason reason(Throwable failure) {
		if (this.external && !(failure instanceof GrokException)) {
			return FallbackReason.UNKNOWN;
		}
		FallbackReason reason = (failure instanceof GrokApiException broken && broken.kind() == ErrorKind.STREAM_BROKEN)
				? this.plan.rule().reasonFor(asConnection(broken)) : null;
		return (reason != null) ? reason : this.plan.rule().reasonFor(failure);
	}

	// The caller has received nothing, so this is equivalent to a lost connection
	private static GrokApiException asConnection(GrokApiException broken) {
		return GrokApiException.builder(ErrorKind.CONNECTION, String.valueOf(broken.getMessage()))
			.status(broken.status())
			.requestId(broken.requestId())
			.retryable(broken.isRetryable())
			.attempts(broken.attempts())
			.cause(broken)
			.build();
	}

	/**
	 * Returns the failure for the caller, with the earlier ones as suppressed exceptions.
	 */
	RuntimeException toException(Throwable last) {
		boolean known = last instanceof GrokException || !this.external;
		RuntimeException result = (known && last instanceof RuntimeException exception) ? exception : wrap(last);
		for (Throwable earlier : this.failures) {
			if (earlier != result) {
				result.addSuppressed(earlier);
			}
		}
		return result;
	}

	private GrokApiException wrap(Throwable failure) {
		String suppressed = this.failures.isEmpty() ? "" : " See the suppressed exceptions for the earlier failures.";
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"Fallback model '" + this.model + "' failed with " + failure.getClass().getName() + "."
							+ suppressed)
			.cause(failure)
			.build();
	}

}
