package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Decoder that emits the data of each event, and {@code "<end>"} at the end.
 */
class TextDecoder implements EventDecoder<String> {

	private List<String> texts = new ArrayList<>();

	private boolean writing;

	private long size;

	@Override
	public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
		String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
		if (text.contains("\"error\"")) {
			throw ErrorTranslator.fromEvent(buffer, offset, length, ResponseHeaders.NONE, "grok-4", EchoFilter.NONE);
		}
		if (!text.equals("{}")) {
			this.size += text.length();
			this.writing = !text.equals("tool");
		}
		this.texts.add(text);
	}

	@Override
	public List<String> drain() {
		List<String> drained = this.texts;
		this.texts = new ArrayList<>();
		return drained;
	}

	@Override
	public List<String> complete() {
		return List.of("<end>");
	}

	@Override
	public long contentSize() {
		return this.size;
	}

	@Override
	public boolean isWriting() {
		return this.writing;
	}

}
