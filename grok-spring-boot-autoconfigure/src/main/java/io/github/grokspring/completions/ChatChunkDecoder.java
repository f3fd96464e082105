package io.github.grokspring.completions;

import java.util.List;

import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.wire.ResponseStreamDecoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Turns the chunks of a streamed answer into elements: text and reasoning as they come,
 * and one last element with everything else (tool calls, finish reason, usage, headers).
 * Deltas that arrived together are one element.
 */
final class ChatChunkDecoder extends ResponseStreamDecoder {

	private final ChatCompletion answer;

	private final ChatCompletionReader reader;

	private boolean done;

	ChatChunkDecoder(@Nullable String model, ApiHeaders headers) {
		super(model, headers);
		this.answer = new ChatCompletion(model, headers);
		this.reader = new ChatCompletionReader(this.answer);
	}

	@Override
	protected ChatResponse toChatResponse() {
		return this.answer.toChatResponse();
	}

	@Override
	protected ChatResponse toIdentity() {
		return this.answer.identity();
	}

	@Override
	public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
		if ("ping".equals(event)) {
			return;
		}
		boolean error = "error".equals(event);
		try {
			this.reader.read(buffer, offset, length);
		}
		catch (JacksonException ex) {
			boolean named = event != null && !"message".equals(event);
			if (!error && !isPossiblyObject(named, buffer, offset, length)) {
				return;
			}
			if (!error) {
				throw streamBroken("broke off: a chunk is not the JSON it should be");
			}
		}
		byte[] told = this.answer.error();
		if (told != null) {
			throw toException(told, 0, told.length);
		}
		if (this.answer.hasFailed() || error) {
			throw toException(buffer, offset, length);
		}
	}

	@Override
	public void onDone() {
		this.done = true;
	}

	@Override
	public List<ChatResponse> drain() {
		return this.answer.nextPart();
	}

	@Override
	public List<ChatResponse> complete() {
		if (!this.answer.isFinished() && !(this.done && this.answer.endsInToolCalls())) {
			throw streamBroken("ended without a finish reason, so the answer is not complete");
		}
		return this.answer.rest();
	}

	@Override
	public long contentSize() {
		return this.answer.size();
	}

	@Override
	public boolean isWriting() {
		return this.answer.hasBegun();
	}

}
