package io.github.grokspring.fallback;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
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
 * The way of one prompt from candidate to candidate. Begins with the first failure, and
 * is used by one thread after the other.
 */
final class FallbackSequence {

	private final FallbackPlan plan;

	private final Iterator<Candidate> candidates;

	private final List<Throwable> failures = new ArrayList<>();

	private int attempts;

	private String asked;

	private boolean other;

	/**
	 * Begin with a prompt that failed.
	 * @param plan who may be asked
	 * @param prompt the prompt
	 * @param busy names of other providers that wait for this very call
	 */
	FallbackSequence(FallbackPlan plan, Prompt prompt, Set<String> busy) {
		this.plan = plan;
		ChatOptions options = Objects.requireNonNull(prompt.getOptions(), "The prompt must have complete options");
		this.asked = Objects.requireNonNull(options.getModel(), "The prompt must name a model");
		this.candidates = candidates(this.asked, busy);
	}

	private Iterator<Candidate> candidates(String first, Set<String> busy) {
		Set<String> asked = new LinkedHashSet<>();
		asked.add(this.plan.idOf(first));
		return Stream
			.<Candidate>concat(
					this.plan.models().stream().filter((candidate) -> asked.add(this.plan.idOf(candidate.name()))),
					this.plan.others().stream().filter((candidate) -> !busy.contains(candidate.name())))
			.iterator();
	}

	/**
	 * Choose who is asked after a failure, and tell about it.
	 * @param failure how the one that was asked failed
	 * @return who is asked, or {@code null} if the failure is final
	 */
	@Nullable Candidate next(Throwable failure) {
		FallbackReason reason = reason(failure);
		if (reason == null || !this.candidates.hasNext()) {
			return null;
		}
		Candidate next = this.candidates.next();
		this.plan.taken(this.asked, next.name(), reason.tag());
		this.failures.add(failure);
		this.attempts += attempts(failure);
		this.asked = next.name();
		this.other = next instanceof ExternalCandidate;
		return next;
	}

	// What a stage of ours refused was not sent, but attempts before it may have been
	private static int attempts(Throwable failure) {
		if (failure instanceof GrokApiException known) {
			return known.attempts();
		}
		return (failure instanceof GrokException) ? Stream.of(failure.getSuppressed())
			.mapToInt((earlier) -> (earlier instanceof GrokApiException known) ? known.attempts() : 0)
			.sum() : 1;
	}

	/**
	 * Adds the attempts that failed to those of an answer.
	 * @param answer the answer of a candidate, or the last element of its stream
	 * @return the answer with the number of all attempts
	 */
	ChatResponse counted(ChatResponse answer) {
		int own = (answer.getMetadata().get(ChatResponses.ATTEMPTS) instanceof Integer number) ? number : 1;
		return ChatResponses.with(answer, ChatResponses.ATTEMPTS, this.attempts + own);
	}

	// What kind of failure it is can not be told of another provider's, and those who
	// name several of them want the next one to be asked.
	private @Nullable FallbackReason reason(Throwable failure) {
		if (this.other && !(failure instanceof GrokException)) {
			return FallbackReason.UNKNOWN;
		}
		FallbackReason reason = (failure instanceof GrokApiException broken && broken.kind() == ErrorKind.STREAM_BROKEN)
				? this.plan.rule().judge(asConnection(broken)) : null;
		return (reason != null) ? reason : this.plan.rule().judge(failure);
	}

	// The caller has seen nothing, so it is as if the connection had broken before.
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
	 * The failure that the caller sees.
	 * @param last how the one that was asked last failed
	 * @return that failure, with the earlier ones suppressed
	 */
	RuntimeException failure(Throwable last) {
		boolean ours = last instanceof GrokException || !this.other;
		RuntimeException seen = (ours && last instanceof RuntimeException known) ? known : wrapped(last);
		for (Throwable earlier : this.failures) {
			if (earlier != seen) {
				seen.addSuppressed(earlier);
			}
		}
		return seen;
	}

	private GrokApiException wrapped(Throwable failure) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"'" + this.asked + "' failed with a " + failure.getClass().getName() + ", which is the cause."
							+ (this.failures.isEmpty() ? ""
									: " It was asked because others failed before, whose failures are suppressed."))
			.cause(failure)
			.build();
	}

}
