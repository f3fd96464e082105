package io.github.grokspring.fallback;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Strategy that decides after which failures another model is called. Implementations are
 * safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FallbackRule {

	/**
	 * Returns the reason to call another model.
	 * @param failure the failure of a model, after all retries
	 * @return the reason, or {@code null} if the failure is final
	 */
	@Nullable FallbackReason reasonFor(Throwable failure);

	/**
	 * Creates a rule that allows some reasons.
	 * @param reasons the reasons to call another model
	 * @return the rule
	 */
	static FallbackRule on(Set<FallbackReason> reasons) {
		Set<FallbackReason> allowed = Set.copyOf(reasons);
		return (failure) -> {
			FallbackReason reason = FallbackReason.of(failure);
			return (reason != null && allowed.contains(reason)) ? reason : null;
		};
	}

}
