package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Observes whole calls of a client, retries and fallbacks included. Implementations must
 * not block or throw, and are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallObserver {

	/**
	 * Begins to observe a call.
	 * @param call identifies the call
	 * @param client the name of the client
	 * @param model the model that is asked for
	 * @return the observation, or {@code null} if the call is not observed
	 */
	@Nullable ObservedCall start(CallContext call, String client, String model);

	/**
	 * One call that is observed.
	 */
	interface ObservedCall {

		/**
		 * Receives the response, or an element of a streamed one.
		 * @param response the response
		 */
		void onNext(ChatResponse response);

		/**
		 * Ends the observation. Only the first end counts.
		 * @param outcome {@code success}, {@code cancelled} or what kind of failure it
		 * was
		 * @param failure the failure, or {@code null} if there was none
		 */
		void onEnd(String outcome, @Nullable Throwable failure);

	}

}
