package io.github.grokspring.completions;

import java.util.List;

import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.EventDecoder;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Turns the chunks of a streamed answer into elements: text and reasoning as they come,
 * and one last element with everything else (tool calls, finish reason, usage, headers).
 * Deltas that arrived together are one element.
 */
final class ChatChunkDecoder implements EventDecoder<ChatResponse> {

	private final @Nullable String model;

	private final ApiHeaders headers;

	private final ChatAnswer answer;

	private final ChatAnswerReader reader;

	private boolean done;

	ChatChunkDecoder(@Nullable String model, ApiHeaders headers) {
		this.model = model;
		this.headers = headers;
		this.answer = new ChatAnswer(model, headers);
		this.reader = new ChatAnswerReader(this.answer);
	}

	ChatAnswer answer() {
		return this.answer;
	}

	@Override
	public void event(@Nullable String event, byte[] buffer, int offset, int length) {
		try {
			this.reader.read(buffer, offset, length);
		}
		catch (JacksonException ex) {
			throw GrokApiException
				.builder(ErrorKind.STREAM_BROKEN,
						"The stream of xAI for model '" + this.model
								+ "' broke off: a chunk is not the JSON it should be. Send the request again.")
				.requestId(this.headers.requestId())
				.status(200)
				.build();
		}
		if (this.answer.hasFailed() || "error".equals(event)) {
			throw ErrorTranslator.fromEvent(buffer, offset, length, this.headers, this.model);
		}
	}

	@Override
	public void done() {
		this.done = true;
	}

	@Override
	public List<ChatResponse> drain() {
		return this.answer.nextPart();
	}

	@Override
	public List<ChatResponse> complete() {
		if (!this.answer.isFinished() && !(this.done && this.answer.endsInToolCalls())) {
			throw GrokApiException
				.builder(ErrorKind.STREAM_BROKEN, "The stream of xAI for model '" + this.model
						+ "' ended without a finish reason, so the answer is not complete. Send the request again.")
				.requestId(this.headers.requestId())
				.status(200)
				.build();
		}
		return List.of(this.answer.rest());
	}

	@Override
	public boolean writing() {
		return this.answer.hasBegun();
	}

}
