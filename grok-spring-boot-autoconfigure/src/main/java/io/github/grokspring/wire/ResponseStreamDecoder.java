package io.github.grokspring.wire;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.EventDecoder;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Turns the events of a streamed answer into elements, and knows the answer as far as it
 * came.
 *
 * @since 0.1.0
 */
public abstract class ResponseStreamDecoder implements EventDecoder<ChatResponse> {

	private final @Nullable String model;

	private final ApiHeaders headers;

	private EchoFilter requestTexts = EchoFilter.NONE;

	/**
	 * Decode an answer.
	 * @param model the model that was asked
	 * @param headers the headers of the answer
	 */
	protected ResponseStreamDecoder(@Nullable String model, ApiHeaders headers) {
		this.model = model;
		this.headers = headers;
	}

	/**
	 * What the answer answers.
	 * @param sent the texts of the request
	 */
	final void setRequestTexts(EchoFilter sent) {
		this.requestTexts = sent;
	}

	/**
	 * The answer as far as it came, as if it had come at once.
	 * @return the answer
	 */
	protected abstract ChatResponse toChatResponse();

	/**
	 * Which answer it is. May be asked on another thread while the answer is growing.
	 * @return a response without content
	 */
	protected abstract ChatResponse toIdentity();

	/**
	 * Whether something that is no JSON may be what is left of an object. Events of other
	 * names may hold any text, but an object has braces or quotes in every part of it.
	 * @param named whether the event has a name of its own
	 * @param buffer holds the data of the event
	 * @param offset where the data begins
	 * @param length how many bytes it has
	 * @return whether it may be
	 */
	protected static boolean isPossiblyObject(boolean named, byte[] buffer, int offset, int length) {
		for (int i = offset; i < offset + length; i++) {
			if (buffer[i] == '{' || (!named && buffer[i] == '"')) {
				return true;
			}
			if (named && buffer[i] > ' ') {
				return false;
			}
		}
		return false;
	}

	/**
	 * The failure of a stream that is not as it should be.
	 * @param problem what is wrong with it, as the end of a sentence
	 * @return the exception
	 */
	protected final GrokApiException streamBroken(String problem) {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The stream of xAI for model '" + LogSanitizer.sanitize(this.model) + "' " + problem
							+ ". Send the request again.")
			.requestId(this.headers.requestId())
			.status(200)
			.build();
	}

	/**
	 * The failure that an event tells of.
	 * @param buffer holds the data of the event
	 * @param offset where the data begins
	 * @param length how many bytes it has
	 * @return the exception
	 */
	protected final GrokApiException toException(byte[] buffer, int offset, int length) {
		return ErrorTranslator.fromEvent(buffer, offset, length, this.headers, this.model,
				this.requestTexts.and(() -> EchoFilter.of(toChatResponse())));
	}

}
