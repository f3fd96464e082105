package io.github.grokspring.completions;

import java.util.List;

import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.wire.ResponseStreamDecoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Converts the chunks of a stream to elements with text and reasoning, and a last element
 * with everything else. Deltas that arrive together form one element.
 */
final class ChatChunkDecoder extends ResponseStreamDecoder {

	private final ChatCompletion completion;

	private final ChatCompletionReader reader;

	private boolean done;

	ChatChunkDecoder(@Nullable String model, ResponseHeaders headers) {
		super(model, headers);
		this.completion = new ChatCompletion(model, headers);
		this.reader = new ChatCompletionReader(this.completion);
	}

	@Override
	protected ChatResponse toChatResponse() {
		return this.completion.toChatResponse();
	}

	@Override
	protected ChatResponse toIdentity() {
		return this.completion.identity();
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
				throw streamBroken("broke off: a chunk is not valid JSON");
			}
		}
		byte[] choiceError = this.completion.error();
		if (choiceError != null) {
			throw toException(choiceError, 0, choiceError.length);
		}
		if (this.completion.hasFailed() || error) {
			throw toException(buffer, offset, length);
		}
	}

	@Override
	public void onDone() {
		this.done = true;
	}

	@Override
	public List<ChatResponse> drain() {
		return this.completion.nextPart();
	}

	@Override
	public List<ChatResponse> complete() {
		if (!this.completion.isFinished() && !(this.done && this.completion.endsInToolCalls())) {
			throw streamBroken("ended without a finish reason, so the response is not complete");
		}
		return this.completion.remaining();
	}

	@Override
	public long contentSize() {
		return this.completion.size();
	}

	@Override
	public boolean isWriting() {
		return this.completion.hasBegun();
	}

}
