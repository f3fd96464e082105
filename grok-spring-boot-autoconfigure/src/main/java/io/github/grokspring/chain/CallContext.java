package io.github.grokspring.chain;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Identifies a call of a {@link GrokChatModel} and its attempts. Nested calls of other
 * models of this library, such as fallbacks, belong to the outer call.
 * <p>
 * The context of a blocking call is bound to its thread, that of a stream to the Reactor
 * context of its subscriber. It is never part of the prompt or its options.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class CallContext {

	private static final ThreadLocal<CallContext> CURRENT = new ThreadLocal<>();

	// Ids must also differ between instances of an application
	private static final String PROCESS = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";

	private static final AtomicLong CALLS = new AtomicLong();

	private final long number = CALLS.incrementAndGet();

	// Created lazily; concurrent threads create equal ids
	private @Nullable String id;

	private AttemptContext attempt = new AttemptContext(this, 1);

	private CallContext() {
	}

	/**
	 * Returns the context of the blocking call on the current thread.
	 * @return the context, a new one if there is no such call
	 */
	public static CallContext current() {
		CallContext call = CURRENT.get();
		return (call != null) ? call : new CallContext();
	}

	/**
	 * Returns the context of a stream.
	 * @param view the Reactor context of its subscriber
	 * @return the context, a new one if there is none
	 */
	public static CallContext of(ContextView view) {
		CallContext call = find(view);
		return (call != null) ? call : new CallContext();
	}

	/**
	 * Returns the context of the outer call of a stream, or {@code null} if the stream is
	 * not nested.
	 */
	static @Nullable CallContext find(ContextView view) {
		CallContext call = view.getOrDefault(CallContext.class, null);
		return (call != null) ? call : CURRENT.get();
	}

	static CallContext create() {
		return new CallContext();
	}

	/**
	 * Binds a new context to the current thread, to be removed with {@link #exit()}, or
	 * returns {@code null} if there is an outer call.
	 */
	static @Nullable CallContext enter() {
		if (CURRENT.get() != null) {
			return null;
		}
		CallContext call = new CallContext();
		CURRENT.set(call);
		return call;
	}

	static void exit() {
		CURRENT.remove();
	}

	Context writeTo(Context context) {
		return context.put(CallContext.class, this);
	}

	/**
	 * Returns the id of the call, which is unique and not sent to xAI.
	 * @return the id
	 */
	public String id() {
		String id = this.id;
		if (id == null) {
			id = PROCESS + Long.toHexString(this.number);
			this.id = id;
		}
		return id;
	}

	/**
	 * Returns the current attempt, a new one if the last attempt has ended.
	 * @return the attempt
	 */
	public synchronized AttemptContext attempt() {
		if (this.attempt.isEnded()) {
			this.attempt = new AttemptContext(this, this.attempt.number() + 1);
		}
		return this.attempt;
	}

	/**
	 * Returns the last attempt, which may have ended.
	 * @return the attempt
	 */
	public synchronized AttemptContext lastAttempt() {
		return this.attempt;
	}

}
