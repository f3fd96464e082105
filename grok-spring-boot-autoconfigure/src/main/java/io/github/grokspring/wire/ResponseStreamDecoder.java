package io.github.grokspring.wire;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.EventDecoder;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Base class for decoders that turn the events of a streamed response into elements.
 *
 * @since 0.1.0
 */
public abstract class ResponseStreamDecoder implements EventDecoder<ChatResponse> {

	private final @Nullable String model;

	private final ResponseHeaders headers;

	private EchoFilter echoFilter = EchoFilter.NONE;

	/**
	 * Creates a decoder.
	 * @param model the requested model
	 * @param headers the response headers
	 */
	protected ResponseStreamDecoder(@Nullable String model, ResponseHeaders headers) {
		this.model = model;
		this.headers = headers;
	}

	/**
	 * Sets the filter that removes texts of the request from errors.
	 * @param echoFilter the filter
	 */
	final void setEchoFilter(EchoFilter echoFilter) {
		this.echoFilter = echoFilter;
	}

	/**
	 * Returns the response received so far as if it had not been streamed.
	 * @return the response
	 */
	protected abstract ChatResponse toChatResponse();

	/**
	 * Returns a response with id, model and usage only. May be invoked on another thread
	 * while the response is being read.
	 * @return a response without content
	 */
	protected abstract ChatResponse toIdentity();

	/**
	 * Whether data that is not valid JSON may be a fragment of an object. Named events
	 * may contain any text, but every fragment of an object contains braces or quotes.
	 * @param named whether the event has a name of its own
	 * @param buffer the buffer
	 * @param offset the start of the data
	 * @param length the length in bytes
	 * @return {@code true} if it may be a fragment of an object
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
	 * Returns the exception for a malformed or incomplete stream.
	 * @param problem the problem, as the predicate of a sentence
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
	 * Returns the exception for an error event.
	 * @param buffer the buffer
	 * @param offset the start of the data
	 * @param length the length in bytes
	 * @return the exception
	 */
	protected final GrokApiException toException(byte[] buffer, int offset, int length) {
		return ErrorTranslator.fromEvent(buffer, offset, length, this.headers, this.model,
				this.echoFilter.withResponse(() -> EchoFilter.textsOf(toChatResponse())));
	}

}
