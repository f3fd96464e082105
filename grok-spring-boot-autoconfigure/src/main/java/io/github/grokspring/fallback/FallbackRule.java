package io.github.grokspring.fallback;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Decides after which failures another model is asked. Implementations are safe for use
 * by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FallbackRule {

	/**
	 * Judge a failure.
	 * @param failure how a model failed, with all its retries
	 * @return why another model is asked, or {@code null} if none is
	 */
	@Nullable FallbackReason judge(Throwable failure);

	/**
	 * A rule that goes by the reason alone.
	 * @param reasons the reasons for which another model is asked
	 * @return the rule
	 */
	static FallbackRule on(Set<FallbackReason> reasons) {
		Set<FallbackReason> asked = Set.copyOf(reasons);
		return (failure) -> {
			FallbackReason reason = FallbackReason.of(failure);
			return (reason != null && asked.contains(reason)) ? reason : null;
		};
	}

}
