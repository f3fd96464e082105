package io.github.grokspring.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.error.RedactionException;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Problem details of calls that this application rejects.
 */
class GrokExceptionHandlerTests {

	@Test
	void whatPassesIsUnavailableAndTellsWhen() {
		told(new CircuitOpenException("grok-4.3", Instant.now().plusSeconds(30), "open"), 503, "CIRCUIT_OPEN", true);
		told(new RateLimitExceededException("requests", Duration.ofSeconds(3), "full"), 503, "TOO_BUSY", true);
	}

	@Test
	void whatIsWrongWithAMessageIsAFaultOfTheCaller() {
		told(new RedactionException(Map.of("EMAIL", 1), "It holds an address"), 422, "NOT_SENT", false);
	}

	private static void told(GrokException refusal, int status, String kind, boolean when) {
		ResponseEntity<ProblemDetail> answer = new GrokExceptionHandler().callFailed(refusal);
		assertThat(answer.getStatusCode().value()).isEqualTo(status);
		assertThat(answer.getBody()).isNotNull();
		assertThat(answer.getBody().getProperties()).containsEntry("kind", kind);
		assertThat(answer.getHeaders().containsHeader(HttpHeaders.RETRY_AFTER)).isEqualTo(when);
	}

}
