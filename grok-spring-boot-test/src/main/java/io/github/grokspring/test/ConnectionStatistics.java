package io.github.grokspring.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.Channel;

/**
 * Counts connections, open streams and aborted exchanges.
 */
final class ConnectionStatistics {

	private final AtomicLong connectionsOpened = new AtomicLong();

	private final AtomicInteger activeConnections = new AtomicInteger();

	private final AtomicInteger openStreams = new AtomicInteger();

	private final Object monitor = new Object();

	private long aborted;

	void connected(Channel channel) {
		this.connectionsOpened.incrementAndGet();
		this.activeConnections.incrementAndGet();
		channel.closeFuture().addListener((future) -> this.activeConnections.decrementAndGet());
	}

	void streamOpened() {
		this.openStreams.incrementAndGet();
	}

	void streamClosed() {
		this.openStreams.decrementAndGet();
	}

	void exchangeAborted() {
		synchronized (this.monitor) {
			this.aborted++;
			this.monitor.notifyAll();
		}
	}

	void awaitAborted(long count, Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		synchronized (this.monitor) {
			while (this.aborted < count) {
				long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				if (left <= 0) {
					throw new AssertionError("Expected %d exchange(s) aborted by the client within %s, but saw %d"
						.formatted(count, timeout, this.aborted));
				}
				await(left);
			}
		}
	}

	long aborted() {
		synchronized (this.monitor) {
			return this.aborted;
		}
	}

	int openStreams() {
		return this.openStreams.get();
	}

	long connectionsOpened() {
		return this.connectionsOpened.get();
	}

	int activeConnections() {
		return this.activeConnections.get();
	}

	void clear() {
		synchronized (this.monitor) {
			this.aborted = 0;
		}
		this.connectionsOpened.set(0);
	}

	private void await(long milliseconds) {
		try {
			this.monitor.wait(milliseconds);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while waiting for the client to disconnect", ex);
		}
	}

}
