package org.springframework.ai.retry;

/**
 * Stands in for the exception of Spring AI, whose module is not on the class path.
 */
@SuppressWarnings("serial")
public class TransientAiException extends RuntimeException {

	public TransientAiException(String message) {
		super(message);
	}

}
