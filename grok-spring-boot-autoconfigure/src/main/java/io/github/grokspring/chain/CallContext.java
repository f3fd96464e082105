package io.github.grokspring.chain;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Identifies a call of a {@link GrokChatModel} and its attempts. A call that another
 * model of this library makes meanwhile, such as a fallback, is part of the outer one.
 * <p>
 * A blocking call has its context on its thread, a stream in the Reactor context of its
 * subscriber, and neither in the prompt or its options. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class CallContext {

	private static final ThreadLocal<CallContext> CURRENT = new ThreadLocal<>();

	/** Ids must differ between instances of an application, too. */
	private static final String PROCESS = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";

	private static final AtomicLong CALLS = new AtomicLong();

	private final long number = CALLS.incrementAndGet();

	/** {@code null} until it is asked for; threads that ask at once make equal ones. */
	private @Nullable String id;

	private AttemptContext attempt = new AttemptContext(this, 1);

	private CallContext() {
	}

	/**
	 * Returns the context of the blocking call on this thread.
	 * @return the context, a new one if there is no such call
	 */
	public static CallContext current() {
		CallContext call = CURRENT.get();
		return (call != null) ? call : new CallContext();
	}

	/**
	 * Returns the context of a stream.
	 * @param view the Reactor context of its subscriber
	 * @return the context, a new one if there is no such stream
	 */
	public static CallContext of(ContextView view) {
		CallContext call = find(view);
		return (call != null) ? call : new CallContext();
	}

	/**
	 * Returns the context of the call that a stream is part of.
	 * @param view the Reactor context of its subscriber
	 * @return the context, or {@code null} if the stream is a call of its own
	 */
	static @Nullable CallContext find(ContextView view) {
		CallContext call = view.getOrDefault(CallContext.class, null);
		return (call != null) ? call : CURRENT.get();
	}

	/**
	 * Begins a call that streams, to be passed on with {@link #writeTo(Context)}.
	 * @return the context of the call
	 */
	static CallContext create() {
		return new CallContext();
	}

	/**
	 * Begins a blocking call on this thread.
	 * @return the context of the call, which {@link #exit()} ends, or {@code null} if it
	 * is part of another one
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
	 * Returns the id of the call. It is unique, and of no meaning to xAI.
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
	 * Returns the attempt in progress.
	 * @return the attempt, the next one if the last one has ended
	 */
	public synchronized AttemptContext attempt() {
		if (this.attempt.isEnded()) {
			this.attempt = new AttemptContext(this, this.attempt.number() + 1);
		}
		return this.attempt;
	}

	/**
	 * Returns the attempt that began last.
	 * @return the attempt, which may have ended
	 */
	public synchronized AttemptContext lastAttempt() {
		return this.attempt;
	}

}
