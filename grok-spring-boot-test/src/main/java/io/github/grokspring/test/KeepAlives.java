package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import io.github.grokspring.test.HttpReply.Step;

/**
 * Adds keep-alives of gateways between the events of a stream.
 */
final class KeepAlives implements Iterator<Step> {

	private final Iterator<Step> events;

	private final List<Step> between;

	private Iterator<Step> current;

	private KeepAlives(Iterator<Step> events, List<Step> between) {
		this.events = events;
		this.between = between;
		this.current = between.iterator();
	}

	static Iterator<Step> between(Iterator<Step> events, Set<GatewayQuirk> quirks) {
		List<Step> between = new ArrayList<>();
		if (quirks.contains(GatewayQuirk.COMMENTS)) {
			between.add(new Step(0, EventWriter.utf8(": PROCESSING\n\n")));
		}
		if (quirks.contains(GatewayQuirk.PINGS)) {
			between.add(new Step(0, EventWriter.utf8("event: ping\ndata: keep-alive\n\n")));
		}
		return between.isEmpty() ? events : new KeepAlives(events, between);
	}

	@Override
	public boolean hasNext() {
		return this.events.hasNext();
	}

	@Override
	public Step next() {
		if (this.current.hasNext()) {
			return this.current.next();
		}
		this.current = this.between.iterator();
		return this.events.next();
	}

}
