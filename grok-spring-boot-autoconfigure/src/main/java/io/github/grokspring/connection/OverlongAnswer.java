package io.github.grokspring.connection;

/**
 * An answer, or an event of it, is longer than allowed. The message holds nothing of it.
 */
final class OverlongAnswer extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	OverlongAnswer(String message) {
		super(message);
	}

}
