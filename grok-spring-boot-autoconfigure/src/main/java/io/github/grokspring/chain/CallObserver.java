package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Observes whole calls of a client, including retries and fallbacks. Implementations must
 * be thread-safe and must not block or throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallObserver {

	/**
	 * Starts to observe a call.
	 * @param call the context of the call
	 * @param client the name of the client
	 * @param model the requested model
	 * @return the observed call, or {@code null} to ignore it
	 */
	@Nullable ObservedCall start(CallContext call, String client, String model);

	/**
	 * Observed call.
	 */
	interface ObservedCall {

		/**
		 * Invoked with the response or an element of a stream.
		 * @param response the response
		 */
		void onNext(ChatResponse response);

		/**
		 * Invoked when the call has ended. Only the first invocation counts.
		 * @param outcome {@code success}, {@code cancelled} or the kind of failure
		 * @param failure the failure, or {@code null}
		 */
		void onEnd(String outcome, @Nullable Throwable failure);

	}

}
