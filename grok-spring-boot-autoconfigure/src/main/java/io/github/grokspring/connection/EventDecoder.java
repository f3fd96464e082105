package io.github.grokspring.connection;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Decodes the events of one stream. A decoder is created per stream and called by one
 * thread at a time. It must not block.
 * <p>
 * {@link #drain()} is called after all events that arrived together, so that a decoder
 * can combine them.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface EventDecoder<T> {

	/**
	 * Handles an event other than the terminator {@code [DONE]}.
	 * @param event the event name, or {@code null}
	 * @param buffer the buffer with the data in UTF-8, valid only during the call
	 * @param offset the start of the data
	 * @param length the number of bytes
	 * @throws io.github.grokspring.error.GrokApiException if the event is an error or
	 * invalid, which fails the stream
	 */
	void onEvent(@Nullable String event, byte[] buffer, int offset, int length);

	/**
	 * Handles the terminator {@code [DONE]}.
	 */
	default void onDone() {
	}

	/**
	 * Returns whether an event other than {@code [DONE]} has announced the end of the
	 * stream. Further events are ignored.
	 * @return {@code true} if the stream has ended
	 */
	default boolean isEnded() {
		return false;
	}

	/**
	 * Returns the elements decoded since the last call.
	 * @return the elements in order, often none or one
	 */
	List<T> drain();

	/**
	 * Completes decoding after the server has closed the stream.
	 * @return the last elements, which may contain metadata of the whole response
	 * @throws io.github.grokspring.error.GrokApiException if the response is incomplete
	 */
	List<T> complete();

	/**
	 * Returns the size of the retained content: text, reasoning, refusals, tool calls and
	 * server-side tool events. Called after each arrival of data.
	 * @return the size in bytes, 0 if there is no content yet
	 */
	default long contentSize() {
		return 0;
	}

	/**
	 * Returns whether the model is writing its response, in which case the idle timeout
	 * of streams applies. Called after each arrival of data.
	 * @return {@code true} after text or tool calls, unless the model has returned to an
	 * activity that may take long
	 */
	boolean isWriting();

}
