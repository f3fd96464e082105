package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import io.github.grokspring.test.HttpReply.Step;

/**
 * Lazily written events of a Chat Completions stream: role, empty deltas while the model
 * reasons, reasoning, text, tool calls, finish reason, usage and end.
 */
final class ChunkSequence implements Iterator<Step> {

	private static final long HEARTBEAT_NANOS = 100_000_000;

	private final Completion completion;

	private final ChunkWriter writer;

	private final StreamPlan plan;

	private final int pieces;

	private final List<Step> head = new ArrayList<>();

	private final List<byte[]> tail = new ArrayList<>();

	private final long firstDelay;

	private int next;

	ChunkSequence(Completion completion, boolean includeUsage, StreamPlan plan) {
		this.completion = completion;
		this.writer = new ChunkWriter(completion);
		this.plan = plan;
		boolean truncated = plan.isTruncated();
		this.pieces = truncated ? Math.min(plan.endAfter(), completion.pieces().size()) : completion.pieces().size();
		this.firstDelay = addHead();
		if (truncated) {
			if (plan.error() != null) {
				this.tail.add(this.writer.error(plan.error()));
			}
		}
		else {
			addTail(includeUsage);
		}
	}

	@Override
	public boolean hasNext() {
		return this.next < this.head.size() + this.completion.reasoning().size() + this.pieces + this.tail.size();
	}

	@Override
	public Step next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		int index = this.next++;
		if (index < this.head.size()) {
			return this.head.get(index);
		}
		index -= this.head.size();
		long delay = (index == 0) ? this.firstDelay : this.plan.paceNanos();
		List<String> reasoning = this.completion.reasoning();
		if (index < reasoning.size()) {
			return new Step(delay, this.writer.reasoning(reasoning.get(index), index == 0 && this.head.isEmpty()));
		}
		index -= reasoning.size();
		if (index == this.plan.stallAfter()) {
			delay += this.plan.stallNanos();
		}
		if (index < this.pieces) {
			boolean last = index == this.completion.pieces().size() - 1;
			return new Step(delay, this.writer.content(this.completion.pieces().get(index), last));
		}
		boolean firstOfTail = index == this.pieces;
		return new Step(firstOfTail ? delay : 0, this.tail.get(index - this.pieces));
	}

	private long addHead() {
		if (this.completion.has(GatewayQuirk.BLANK_FIRST_CHUNK)) {
			this.head.add(new Step(0, this.writer.blank()));
		}
		long thinking = this.plan.thinkingNanos();
		if (thinking == 0 && this.head.isEmpty() && !this.completion.reasoning().isEmpty()) {
			return 0;
		}
		this.head.add(new Step(0, this.writer.role()));
		if (thinking == 0) {
			return this.plan.paceNanos();
		}
		long gaps = Math.max(2, thinking / HEARTBEAT_NANOS);
		byte[] empty = this.writer.empty();
		for (long i = 1; i < gaps; i++) {
			this.head.add(new Step(thinking / gaps, empty));
		}
		return thinking - (gaps - 1) * (thinking / gaps);
	}

	private void addTail(boolean includeUsage) {
		if (!this.completion.toolCalls().isEmpty()) {
			this.tail.addAll(this.writer.toolCalls());
		}
		if (this.completion.finishReason() != null) {
			this.tail.add(this.writer.finish(this.completion.finishReason()));
		}
		if (includeUsage) {
			this.tail.add(this.writer.usage());
			if (this.completion.has(GatewayQuirk.ZERO_USAGE_LAST)) {
				this.tail.add(this.writer.zeroUsage());
			}
		}
		this.tail.add(ChunkWriter.DONE);
	}

}
