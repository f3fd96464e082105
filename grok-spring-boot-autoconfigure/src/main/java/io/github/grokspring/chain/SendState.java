package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Tells the stages above a transport whether a request was written, which a cancelled
 * stream cannot tell otherwise. It travels in the Reactor context of one attempt; each
 * stage has its own, and what is marked in an inner one is marked in the outer ones. Safe
 * for use by several threads.
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
	 * Returns the state of the innermost attempt.
	 * @param view the context of the subscriber
	 * @return the state, or {@code null} if nobody wants to know
	 */
	public static @Nullable SendState of(ContextView view) {
		return view.getOrDefault(SendState.class, null);
	}

	/**
	 * Adds this state to a context.
	 * @param context the context
	 * @return a context for those who send
	 */
	public Context writeTo(Context context) {
		return context.put(SendState.class, this);
	}

	/**
	 * Marks that the transport tells when it sends, and has not done so.
	 */
	public void track() {
		for (SendState state = this; state != null; state = state.outer) {
			state.tracked = true;
		}
	}

	/**
	 * Marks that a request is being written.
	 */
	public void markSent() {
		for (SendState state = this; state != null; state = state.outer) {
			state.sent = true;
		}
	}

	/**
	 * Whether a request may have reached xAI.
	 * @return {@code false} only if the transport knows that it sent nothing
	 */
	public boolean isPossiblySent() {
		return this.sent || !this.tracked;
	}

}
