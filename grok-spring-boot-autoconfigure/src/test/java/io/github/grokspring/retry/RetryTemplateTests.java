package io.github.grokspring.retry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.retry.TransientAiException;
import org.springframework.retry.support.RetryTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link RetrySettings#template()}.
 */
class RetryTemplateTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Fixture fixture = new Fixture();

	private final AtomicInteger calls = new AtomicInteger();

	@Test
	void callOfAnotherClientIsRetried() {
		xai.resetsConnection().on("/v1/models");
		xai.failsWith(429).on("/v1/models").retryAfter(5);
		String models = template().execute((context) -> models());
		assertThat(models).contains("grok-4.3");
		assertThat(xai.requestCount()).isEqualTo(3);
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(2), Fixture.seconds(9));
	}

	static Stream<Arguments> failures() {
		return Stream.of(failure(new IOException("Gone"), 3), failure(wrapped(new IOException("Gone")), 3),
				failure(wrapped(new ConnectException("Connection refused")), 5),
				failure(wrapped(new SocketTimeoutException("Read timed out")), 2),
				failure(new TransientAiException("503"), 3),
				failure(GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many").build(), 5),
				failure(GrokApiException.builder(ErrorKind.INVALID_API_KEY, "Wrong").build(), 1),
				failure(GrokApiException.builder(ErrorKind.RATE_LIMITED, "Retried already").attempts(5).build(), 1),
				failure(wrapped(new InterruptedIOException("Interrupted")), 1),
				failure(new IllegalStateException("Not ours"), 1), failure(new AssertionError("Not ours"), 1));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void originalExceptionIsThrownAfterAllAttempts(Throwable failure, int attempts) {
		assertThatThrownBy(() -> template().execute((context) -> {
			this.calls.incrementAndGet();
			throw failure;
		})).isSameAs(failure);
		assertThat(this.calls).hasValue(attempts);
		assertThat(this.fixture.waits()).hasSize(attempts - 1);
	}

	@Test
	void executionsOnlyShareTheBudget() {
		RetryTemplate template = this.fixture.budget(RetryBudget.ofTokens(10, 5, 5)).settings().template();
		GrokApiException overloaded = GrokApiException.builder(ErrorKind.OVERLOADED, "Busy").build();
		assertThat(attemptsUntilFailure(template, overloaded)).isEqualTo(3);
		assertThat(attemptsUntilFailure(template, overloaded)).isEqualTo(1);
		assertThat(template.<String, RuntimeException>execute((context) -> "fine")).isEqualTo("fine");
		assertThat(attemptsUntilFailure(template, overloaded)).isEqualTo(2);
	}

	@Test
	void interruptWhileWaitingEndsTheCallAndIsPreserved() {
		RetryTemplate template = this.fixture.sleeper(Sleeper.system()).settings().template();
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> template.execute((context) -> {
			this.calls.incrementAndGet();
			Thread.currentThread().interrupt();
			throw new UncheckedIOException(new IOException("Gone"));
		})).withMessageContaining("Interrupted while waiting");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.calls).hasValue(1);
	}

	private int attemptsUntilFailure(RetryTemplate template, RuntimeException failure) {
		AtomicInteger made = new AtomicInteger();
		assertThatThrownBy(() -> template.execute((context) -> {
			made.incrementAndGet();
			throw failure;
		})).isSameAs(failure);
		return made.get();
	}

	private RetryTemplate template() {
		return this.fixture.settings().template();
	}

	/**
	 * Exceptions of other clients for network failures and for status codes.
	 */
	private static String models() {
		HttpRequest request = HttpRequest.newBuilder(URI.create(xai.baseUrl() + "/models"))
			.header("Authorization", "Bearer " + xai.apiKey())
			.build();
		try {
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(request, HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() == 429) {
				throw GrokApiException.builder(ErrorKind.RATE_LIMITED, "Too many requests")
					.retryAfter(Fixture.seconds(response.headers().firstValueAsLong("retry-after").orElse(0)))
					.build();
			}
			return response.body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Arguments failure(Throwable failure, int attempts) {
		return Arguments.of(failure, attempts);
	}

	private static RuntimeException wrapped(Throwable cause) {
		return new IllegalStateException("I/O error on GET request", cause);
	}

}
