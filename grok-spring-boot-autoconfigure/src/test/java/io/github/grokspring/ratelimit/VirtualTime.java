package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.TimeSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Time that only advances when a test advances it.
 */
final class VirtualTime implements TimeSource, Scheduler {

	static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

	private final List<Task> tasks = new ArrayList<>();

	private long nanos;

	@Override
	public synchronized long nanoTime() {
		return this.nanos;
	}

	@Override
	public synchronized Instant instant() {
		return START.plusNanos(this.nanos);
	}

	@Override
	public synchronized Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		Task scheduled = new Task(this.nanos + unit.toNanos(delay), task);
		this.tasks.add(scheduled);
		return () -> remove(scheduled);
	}

	@Override
	public Disposable schedule(Runnable task) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Worker createWorker() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Advances the time and runs each scheduled task when it is due.
	 */
	void advance(Duration duration) {
		long end = nanoTime() + duration.toNanos();
		for (Task task = removeDue(end); task != null; task = removeDue(end)) {
			task.action.run();
		}
		synchronized (this) {
			this.nanos = end;
		}
	}

	synchronized int scheduledTasks() {
		return this.tasks.size();
	}

	private synchronized Task removeDue(long end) {
		Task next = this.tasks.stream()
			.filter((task) -> task.due <= end)
			.min(Comparator.comparingLong((task) -> task.due))
			.orElse(null);
		if (next != null) {
			this.tasks.remove(next);
			this.nanos = Math.max(this.nanos, next.due);
		}
		return next;
	}

	private synchronized void remove(Task task) {
		this.tasks.removeIf((candidate) -> candidate == task);
	}

	private static final class Task {

		private final long due;

		private final Runnable action;

		Task(long due, Runnable action) {
			this.due = due;
			this.action = action;
		}

	}

}
