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
 * Time that passes when a test says so.
 */
final class VirtualTiming implements TimeSource, Scheduler {

	static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

	private final List<Alarm> alarms = new ArrayList<>();

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
		Alarm alarm = new Alarm(this.nanos + unit.toNanos(delay), task);
		this.alarms.add(alarm);
		return () -> remove(alarm);
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
	 * Let time pass. What is due on the way is run when it is due.
	 */
	void pass(Duration duration) {
		long end = nanoTime() + duration.toNanos();
		for (Alarm alarm = due(end); alarm != null; alarm = due(end)) {
			alarm.task.run();
		}
		synchronized (this) {
			this.nanos = end;
		}
	}

	/**
	 * How many tasks are still to be run.
	 */
	synchronized int alarms() {
		return this.alarms.size();
	}

	private synchronized Alarm due(long end) {
		Alarm next = this.alarms.stream()
			.filter((alarm) -> alarm.at <= end)
			.min(Comparator.comparingLong((alarm) -> alarm.at))
			.orElse(null);
		if (next != null) {
			this.alarms.remove(next);
			this.nanos = Math.max(this.nanos, next.at);
		}
		return next;
	}

	private synchronized void remove(Alarm alarm) {
		this.alarms.removeIf((candidate) -> candidate == alarm);
	}

	private static final class Alarm {

		private final long at;

		private final Runnable task;

		Alarm(long at, Runnable task) {
			this.at = at;
			this.task = task;
		}

	}

}
