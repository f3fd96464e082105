package io.github.grokspring.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Whether the rates of a model let a request pass.
 *
 * @param limit what keeps it, if it is kept
 * @param nanos how long it probably is kept, 0 when it may pass
 * @param reason what keeps it, as part of a sentence
 * @param rate the rate that keeps it, {@code null} when it may pass or the model is
 * paused
 * @param learned whether that is a limit of xAI, rather than of this application
 */
record AcquireResult(LimitType limit, long nanos, String reason, @Nullable Rate rate, boolean learned) {

	private static final AcquireResult PASSES = new AcquireResult(LimitType.REQUESTS, 0, "", null, false);

	private static final CompletableFuture<AcquireResult> PASSES_AT_ONCE = CompletableFuture.completedFuture(PASSES);

	boolean passes() {
		return this.nanos == 0;
	}

	static AcquireResult paused(LimitType limit, long nanos, String reason) {
		return new AcquireResult(limit, nanos, reason, null, true);
	}

	/**
	 * Take from all rates or from none.
	 * @param draws what to take
	 * @return the verdict
	 */
	static CompletableFuture<AcquireResult> of(List<RateReservation> draws) {
		return of(draws, 0);
	}

	private static CompletableFuture<AcquireResult> of(List<RateReservation> draws, int at) {
		if (at == draws.size()) {
			return PASSES_AT_ONCE;
		}
		RateReservation draw = draws.get(at);
		return draw.bucket().tryTake(draw.amount()).thenCompose((nanos) -> {
			if (nanos > 0) {
				OptionalRate from = draw.from();
				return CompletableFuture.completedFuture(
						new AcquireResult(draw.limit(), nanos, from.toString(), draw.rate(), from.isLearned()));
			}
			return of(draws, at + 1).whenComplete((verdict, failure) -> {
				if (failure != null || !verdict.passes()) {
					draw.giveBack();
				}
			});
		});
	}

}
