package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

/**
 * The replies that wait for requests, and those given when none waits.
 */
final class Script {

	private final Deque<Reply<?>> line = new ArrayDeque<>();

	private final Deque<Reply<?>> defaults = new ArrayDeque<>();

	private volatile boolean empty = true;

	synchronized <T extends Reply<T>> T add(T reply) {
		this.line.add(reply);
		this.empty = false;
		return reply;
	}

	synchronized void makeDefault(Reply<?> reply) {
		this.line.remove(reply);
		this.defaults.remove(reply);
		this.defaults.addFirst(reply);
		this.empty = false;
	}

	synchronized void clear() {
		this.line.clear();
		this.defaults.clear();
		this.empty = true;
	}

	synchronized int waiting() {
		return this.line.size();
	}

	/**
	 * Takes the reply to a request.
	 * @param path the path of the request
	 * @param call what is asked, {@code null} where no model answers
	 * @return {@code null} if none fits
	 */
	@Nullable Reply<?> next(String path, @Nullable Call call) {
		return this.empty ? null : take(path, call);
	}

	private synchronized @Nullable Reply<?> take(String path, @Nullable Call call) {
		for (Iterator<Reply<?>> replies = this.line.iterator(); replies.hasNext();) {
			Reply<?> reply = replies.next();
			if (reply.fits(path, call)) {
				if (reply.useUp()) {
					replies.remove();
				}
				return reply;
			}
		}
		for (Reply<?> reply : this.defaults) {
			if (reply.fits(path, call)) {
				return reply;
			}
		}
		return null;
	}

}
