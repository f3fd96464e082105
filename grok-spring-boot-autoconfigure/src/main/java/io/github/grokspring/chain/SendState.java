package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Records whether a request was sent, which is otherwise unknown after a stream has been
 * cancelled. It is stored in the Reactor context of an attempt. Stages may nest states;
 * marking an inner state also marks the outer ones.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class SendState {

	private final @Nullable SendState outer;

	private volatile boolean tracked;

	private volatile boolean sent;

	private SendState(@Nullable SendState outer) {
		this.outer = outer;
	}

	/**
	 * Creates the state of an attempt.
	 * @param view the context of the subscriber, whose state is marked as well
	 * @return the state
	 */
	public static SendState within(ContextView view) {
		return new SendState(of(view));
	}

	/**
	 * Returns the innermost state.
	 * @param view the context of the subscriber
	 * @return the state, or {@code null} if there is none
	 */
	public static @Nullable SendState of(ContextView view) {
		return view.getOrDefault(SendState.class, null);
	}

	/**
	 * Adds this state to a context.
	 * @param context the context
	 * @return the context with this state
	 */
	public Context writeTo(Context context) {
		return context.put(SendState.class, this);
	}

	/**
	 * Marks that the transport reports sending, and has not sent the request.
	 */
	public void track() {
		for (SendState state = this; state != null; state = state.outer) {
			state.tracked = true;
		}
	}

	/**
	 * Marks that the request is being sent.
	 */
	public void markSent() {
		for (SendState state = this; state != null; state = state.outer) {
			state.sent = true;
		}
	}

	/**
	 * Whether the request may have reached xAI.
	 * @return {@code false} only if the transport has reported that nothing was sent
	 */
	public boolean isPossiblySent() {
		return this.sent || !this.tracked;
	}

}
