package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

/**
 * Queue of scripted replies and default replies.
 */
final class Script {

	private final Deque<Reply<?>> queue = new ArrayDeque<>();

	private final Deque<Reply<?>> defaults = new ArrayDeque<>();

	private volatile boolean empty = true;

	synchronized <T extends Reply<T>> T add(T reply) {
		this.queue.add(reply);
		this.empty = false;
		return reply;
	}

	synchronized void makeDefault(Reply<?> reply) {
		this.queue.remove(reply);
		this.defaults.remove(reply);
		this.defaults.addFirst(reply);
		this.empty = false;
	}

	synchronized void clear() {
		this.queue.clear();
		this.defaults.clear();
		this.empty = true;
	}

	synchronized int waiting() {
		return this.queue.size();
	}

	/**
	 * Takes the next reply that matches a request, or {@code null} if there is none.
	 */
	@Nullable Reply<?> next(String path, @Nullable ModelCall call) {
		return this.empty ? null : take(path, call);
	}

	private synchronized @Nullable Reply<?> take(String path, @Nullable ModelCall call) {
		for (Iterator<Reply<?>> replies = this.queue.iterator(); replies.hasNext();) {
			Reply<?> reply = replies.next();
			if (reply.matches(path, call)) {
				if (reply.consume()) {
					replies.remove();
				}
				return reply;
			}
		}
		for (Reply<?> reply : this.defaults) {
			if (reply.matches(path, call)) {
				return reply;
			}
		}
		return null;
	}

}
