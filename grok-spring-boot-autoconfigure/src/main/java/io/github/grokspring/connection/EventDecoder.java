package io.github.grokspring.connection;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one stream into elements. An exchange makes one decoder a stream
 * and calls it from one thread at a time, never concurrently, and never blocks in it.
 * <p>
 * Several events that arrived together are decoded before {@link #drain()} is called
 * once, so a decoder may hand them on as one element.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface EventDecoder<T> {

	/**
	 * Take in one event. The terminator {@code [DONE]} is not passed here but as
	 * {@link #onDone()}.
	 * @param event the name of the event ({@code event:} line), or {@code null}
	 * @param buffer holds the data of the event in UTF-8; valid during the call only
	 * @param offset where the data begins
	 * @param length how many bytes it has
	 * @throws io.github.grokspring.error.GrokApiException if the event is an error or
	 * cannot be understood; the stream fails with it
	 */
	void onEvent(@Nullable String event, byte[] buffer, int offset, int length);

	/**
	 * The stream announced its end with {@code [DONE]}.
	 */
	default void onDone() {
	}

	/**
	 * Whether an event has announced the end of the stream, other than {@code [DONE]}
	 * does. What follows is not passed on.
	 * @return whether nothing of interest follows
	 */
	default boolean isEnded() {
		return false;
	}

	/**
	 * Hand over what the events so far amount to.
	 * @return elements in order, often none or one
	 */
	List<T> drain();

	/**
	 * The server closed the stream without a failure of the transport; nothing follows.
	 * @return the last elements, which may carry what belongs to the whole answer
	 * @throws io.github.grokspring.error.GrokApiException if the answer is not complete
	 */
	List<T> complete();

	/**
	 * How much the decoder keeps of the content: text, reasoning, refusal, tool calls and
	 * what is told of server-side tools. It grows with all of them, and with nothing
	 * else. Asked whenever something has arrived.
	 * @return the size in bytes, 0 as long as no content has come
	 */
	default long contentSize() {
		return 0;
	}

	/**
	 * Whether the answer is being written; as long as it is, the shorter silence limit
	 * for streams applies. Asked whenever something has arrived.
	 * @return {@code true} once text or tool calls have come, unless the model has gone
	 * back to something that may take long
	 */
	boolean isWriting();

}
