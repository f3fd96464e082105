package io.github.grokspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.grokspring.test.HttpReply.Ending;
import io.github.grokspring.test.HttpReply.Step;
import org.jspecify.annotations.Nullable;

/**
 * Scripted reply with raw bytes.
 *
 * @since 0.1.0
 */
public final class RawReply extends Reply<RawReply> {

	private final int status;

	private final String contentType;

	private final byte[] body;

	private volatile int[] sizes = {};

	private volatile Duration pace = Duration.ZERO;

	private volatile Ending ending = Ending.COMPLETE;

	RawReply(Script script, int status, String contentType, byte[] body) {
		super(script);
		this.status = status;
		this.contentType = contentType;
		this.body = body.clone();
	}

	/**
	 * Sends the body in several writes. The last size is repeated until the body is sent.
	 * @param bytes the sizes in bytes, each at least 1
	 * @return this reply
	 * @throws IllegalArgumentException if there is no size or a size is less than 1
	 */
	public RawReply inPiecesOf(int... bytes) {
		if (bytes.length == 0 || Arrays.stream(bytes).anyMatch((size) -> size < 1)) {
			throw new IllegalArgumentException("Sizes must be at least 1");
		}
		this.sizes = bytes.clone();
		return this;
	}

	/**
	 * Sets the delay before each write.
	 * @param pace the delay
	 * @return this reply
	 */
	public RawReply pace(Duration pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Resets the connection after the body instead of completing the response.
	 * @return this reply
	 */
	public RawReply thenResets() {
		this.ending = Ending.RESET;
		return this;
	}

	/**
	 * Closes the connection after the body instead of completing the response.
	 * @return this reply
	 */
	public RawReply thenCloses() {
		this.ending = Ending.CLOSE;
		return this;
	}

	@Override
	HttpReply compose(@Nullable ModelCall call) {
		if (this.sizes.length == 0 && this.ending == Ending.COMPLETE) {
			return new HttpReply(List.of(), this.status, this.contentType, List.of(), this.pace, Duration.ZERO,
					this.body, null, this.ending);
		}
		return new HttpReply(List.of(), this.status, this.contentType, List.of(), Duration.ZERO, Duration.ZERO, null,
				pieces().iterator(), this.ending);
	}

	@Override
	RawReply self() {
		return this;
	}

	private List<Step> pieces() {
		int[] lengths = (this.sizes.length != 0) ? this.sizes : new int[] { Math.max(1, this.body.length) };
		List<Step> steps = new ArrayList<>();
		int start = 0;
		for (int i = 0; start < this.body.length; i++) {
			int end = Math.min(this.body.length, start + lengths[Math.min(i, lengths.length - 1)]);
			steps.add(new Step(this.pace.toNanos(), Arrays.copyOfRange(this.body, start, end)));
			start = end;
		}
		return steps;
	}

}
