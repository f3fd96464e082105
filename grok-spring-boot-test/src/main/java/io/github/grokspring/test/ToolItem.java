package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;

/**
 * Output item of a server-side tool.
 */
record ToolItem(String id, String type, Consumer<JsonGenerator> before, Consumer<JsonGenerator> after,
		List<Progress> progress) implements ResponsesItem {

	ToolItem(String id, String type, Consumer<JsonGenerator> before, Consumer<JsonGenerator> after) {
		this(id, type, before, after, List.of());
	}

	ToolItem with(String event) {
		return with(event, (json) -> {
		});
	}

	ToolItem with(String event, Consumer<JsonGenerator> fields) {
		List<Progress> more = new ArrayList<>(this.progress);
		more.add(new Progress(event, fields));
		return new ToolItem(this.id, this.type, this.before, this.after, List.copyOf(more));
	}

	@Override
	public void write(JsonGenerator json, boolean done) {
		(done ? this.after : this.before).accept(json);
	}

	@Override
	public void emit(EventSink sink) {
		this.progress.forEach((step) -> sink.event(step.event(), step.fields()));
	}

	record Progress(String event, Consumer<JsonGenerator> fields) {
	}

}
