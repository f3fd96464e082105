package io.github.grokspring.cost;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;

/**
 * Keeps what it is told.
 */
final class RecordedEvents implements GrokEventListener {

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	@Override
	public void onEvent(GrokEvent event) {
		this.events.add(event);
	}

	List<GrokEvent> all() {
		return this.events;
	}

	List<CostRecorded> costs() {
		return this.events.stream().filter(CostRecorded.class::isInstance).map(CostRecorded.class::cast).toList();
	}

	List<AttemptFinished> attempts() {
		return this.events.stream().filter(AttemptFinished.class::isInstance).map(AttemptFinished.class::cast).toList();
	}

	List<String> outcomes() {
		return attempts().stream().map(AttemptFinished::outcome).toList();
	}

	long ticks() {
		return costs().stream().mapToLong(CostRecorded::ticks).sum();
	}

}
