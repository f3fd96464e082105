package io.github.grokspring.openai;

import java.io.IOException;

import io.github.grokspring.error.GrokApiException;

/**
 * Carries a translated failure through the SDK, which passes on what it takes for a
 * failure of the network.
 */
@SuppressWarnings("serial")
final class RefusalResponse extends IOException {

	private final GrokApiException failure;

	RefusalResponse(GrokApiException failure) {
		super(failure.getMessage(), failure);
		this.failure = failure;
	}

	GrokApiException failure() {
		return this.failure;
	}

}
