package io.github.grokspring.budget;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;

/**
 * Keeps the events that happened.
 */
final class RecordedEvents implements GrokEventListener {

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	@Override
	public void onEvent(GrokEvent event) {
		this.events.add(event);
	}

	<T extends GrokEvent> List<T> of(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

}
