package io.github.grokspring.retry;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the attempts and delays of each known failure of xAI.
 */
class FailuresOnTheWireTests {

	private static final int[] NO_WAITS = {};

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Fixture fixture = new Fixture();

	private ReactorXaiHttpClient exchange;

	private GrokChatModel model;

	@BeforeEach
	void connect() {
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()), xai::apiKey);
		this.model = this.fixture.model(ChatCompletionsModel.builder(this.exchange).build());
	}

	@AfterEach
	void disconnect() {
		this.exchange.close();
	}

	static Stream<Arguments> failures() {
		List<Failing> failures = new ArrayList<>();
		failures.add(failing("429", ErrorKind.RATE_LIMITED, (xai) -> xai.failsWith(429).byDefault(), 2, 4, 8, 16));
		failures.add(failing("429 with seconds", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).retryAfter(7).byDefault(), 9, 11, 15, 23));
		failures.add(failing("429 with milliseconds", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).header("retry-after-ms", 10_000).byDefault(), 12, 14, 18, 26));
		failures.add(failing("429 that asks for more than there is", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).retryAfter(301).byDefault(), NO_WAITS));
		failures.add(failing("429 that means money", ErrorKind.INSUFFICIENT_CREDITS,
				(xai) -> xai.failsWith(429)
					.saying("resource-exhausted", "Your team has used all available credits.")
					.byDefault(),
				NO_WAITS));
		failures.add(failing("500", ErrorKind.SERVER_ERROR, (xai) -> xai.failsWith(500).byDefault(), 2, 4));
		for (int status : new int[] { 502, 503, 504, 529, 520, 522 }) {
			failures.add(failing(String.valueOf(status), ErrorKind.OVERLOADED,
					(xai) -> xai.failsWith(status).byDefault(), 2, 4));
		}
		failures.add(failing("520 of Cloudflare, which asks for a minute", ErrorKind.OVERLOADED,
				(xai) -> xai.failsWith(520).retryAfter(60).byDefault(), 62, 64));
		failures.add(failing("526", ErrorKind.UNKNOWN, (xai) -> xai.failsWith(526).byDefault(), NO_WAITS));
		failures.add(failing("503 that asks to be left alone", ErrorKind.OVERLOADED,
				(xai) -> xai.failsWith(503).header("x-should-retry", false).byDefault(), NO_WAITS));
		failures.add(failing("reset before headers", ErrorKind.CONNECTION, (xai) -> xai.resetsConnection().byDefault(),
				2, 4));
		failures.add(failing("error under 200", ErrorKind.OVERLOADED,
				(xai) -> xai.answersWithError("The service is currently unavailable", "Timed out waiting").byDefault(),
				2, 4));
		failures.add(failing("error instead of the first word", ErrorKind.OVERLOADED,
				(xai) -> xai.answers("one two").failsAfter(0, "unavailable", "Gone").byDefault(), 2, 4));
		failures.add(failing("broken before the first word", ErrorKind.STREAM_BROKEN,
				(xai) -> xai.answers("one two").closesAfter(0).byDefault(), 2, 4));
		failures.add(failing("silence", ErrorKind.TIMEOUT,
				(xai) -> xai.answers("late").silentFor(Duration.ofMinutes(5)).byDefault(), 2));
		failures.add(failing("no credits", ErrorKind.INSUFFICIENT_CREDITS, (xai) -> xai.hasNoCredits().byDefault(),
				NO_WAITS));
		failures
			.add(failing("safety", ErrorKind.SAFETY_REFUSAL, (xai) -> xai.refusesForSafety().byDefault(), NO_WAITS));
		failures.add(failing("401", ErrorKind.MISSING_API_KEY, (xai) -> xai.failsWith(401).byDefault(), NO_WAITS));
		failures.add(failing("403", ErrorKind.PERMISSION_DENIED, (xai) -> xai.failsWith(403).byDefault(), NO_WAITS));
		failures.add(failing("410", ErrorKind.FEATURE_REMOVED, (xai) -> xai.failsWith(410).byDefault(), NO_WAITS));
		failures.add(failing("unremovable parameter", ErrorKind.UNSUPPORTED_PARAMETER,
				(xai) -> xai.failsWith(400)
					.saying("invalid-argument", "Model grok-4.3 does not support parameter presencePenalty.")
					.byDefault(),
				NO_WAITS));
		for (int status : new int[] { 400, 404, 413, 415, 422 }) {
			failures.add(failing(String.valueOf(status), ErrorKind.INVALID_REQUEST,
					(xai) -> xai.failsWith(status).byDefault(), NO_WAITS));
		}
		return failures.stream()
			.flatMap(
					(failing) -> Stream.of(Invocation.values()).map((invocation) -> Arguments.of(invocation, failing)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failuresAreRetriedByKind(Invocation invocation, Failing failing) {
		failing.script().accept(xai);
		GrokApiException failure = fails(invocation, prompt(failing));
		int attempts = failing.waits().size() + 1;
		assertThat(failure.kind()).isEqualTo(failing.kind());
		assertThat(xai.requestCount()).isEqualTo(attempts);
		assertThat(this.fixture.waits()).isEqualTo(failing.waits());
		assertThat(failure.attempts()).isEqualTo(attempts);
		assertThat(ourSuppressed(failure)).hasSize(attempts - 1)
			.allSatisfy((earlier) -> assertThat(earlier.kind()).isEqualTo(failing.kind()));
		if (attempts > 1) {
			assertThat(failure).hasMessageContaining("Gave up after " + attempts + " attempts.");
		}
		else {
			assertThat(failure.getMessage()).doesNotContain("tried");
		}
		assertThat(this.fixture.events()).extracting(AttemptFailed::attempt)
			.containsExactlyElementsOf(IntStream.rangeClosed(1, attempts).boxed().toList());
		assertThat(this.fixture.events()).allSatisfy((event) -> {
			assertThat(event.client()).isEqualTo("default");
			assertThat(event.model()).isEqualTo("grok-4.3");
			assertThat(event.reason()).isEqualTo(failing.kind().name().toLowerCase(Locale.ROOT));
		});
		List<Duration> delays = new ArrayList<>(failing.waits());
		delays.add(null);
		assertThat(this.fixture.events()).extracting(AttemptFailed::delay).isEqualTo(delays);
	}

	@ParameterizedTest
	@EnumSource
	void retryAfterMayBeADate(Invocation invocation) {
		ZonedDateTime inAMinute = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60);
		xai.failsWith(429).header("retry-after", DateTimeFormatter.RFC_1123_DATE_TIME.format(inAMinute));
		invocation.last(this.model, new Prompt("hi"));
		assertThat(this.fixture.waits()).singleElement()
			.satisfies((wait) -> assertThat(wait).isBetween(Fixture.seconds(22), Fixture.seconds(62)));
	}

	@ParameterizedTest
	@EnumSource
	void responseAfterRetriesHasTheNumberOfAttempts(Invocation invocation) {
		xai.failsWith(503);
		xai.resetsConnection();
		xai.answers("Hello").usage(10, 5);
		ChatResponse response = invocation.last(this.model, new Prompt("hi"));
		assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(3);
		assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(15);
		assertThat(response.getMetadata().getModel()).isEqualTo("grok-4.3");
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(2), Fixture.seconds(4));
	}

	@ParameterizedTest
	@EnumSource
	void responseWithoutRetriesHasOneAttempt(Invocation invocation) {
		ChatResponse response = invocation.last(this.model, new Prompt("hi"));
		assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(1);
		assertThat(this.fixture.events()).isEmpty();
	}

	@Test
	void retriedStreamIsCompleteWithoutDuplicates() {
		xai.answers("one two three").closesAfter(0);
		xai.answers("one two three");
		assertThat(text(this.model.stream(new Prompt("hi")))).isEqualTo("one two three");
	}

	@Test
	void streamThatEndsWithoutContentIsRetried() {
		xai.answers("one two").endsAfter(0);
		xai.answers("three");
		assertThat(text(this.model.stream(new Prompt("hi")))).isEqualTo("three");
		assertThat(xai.requestCount()).isEqualTo(2);
	}

	@Test
	void streamThatBreaksAfterContentIsNotRetried() {
		xai.answers("").inChunks("one", "two", "three").pace(Duration.ofMillis(30)).closesAfter(1).byDefault();
		StepVerifier.create(this.model.stream(new Prompt("hi")))
			.assertNext((element) -> assertThat(element.getResult().getOutput().getText()).isEqualTo("one"))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(GrokApiException.class,
					(broken) -> assertThat(broken.kind()).isEqualTo(ErrorKind.STREAM_BROKEN)))
			.verify(Invocation.TIMEOUT);
		assertThat(xai.requestCount()).isEqualTo(1);
		assertThat(this.fixture.waits()).isEmpty();
		assertThat(this.fixture.events()).singleElement()
			.satisfies((event) -> assertThat(event.reason()).isEqualTo("stream_broken"))
			.satisfies((event) -> assertThat(event.delay()).isNull());
	}

	@ParameterizedTest
	@EnumSource
	void limitOfTheLastFailureApplies(Invocation invocation) {
		xai.failsWith(429).times(3);
		xai.failsWith(503).byDefault();
		GrokApiException failure = fails(invocation, new Prompt("hi"));
		assertThat(xai.requestCount()).isEqualTo(4);
		assertThat(failure.kind()).isEqualTo(ErrorKind.OVERLOADED);
		assertThat(ourSuppressed(failure)).extracting(GrokApiException::kind)
			.containsExactly(ErrorKind.RATE_LIMITED, ErrorKind.RATE_LIMITED, ErrorKind.RATE_LIMITED);
	}

	private Prompt prompt(Failing failing) {
		Duration timeout = (failing.kind() == ErrorKind.TIMEOUT) ? Duration.ofMillis(200) : null;
		return new Prompt("hi", GrokChatOptions.builder().timeout(timeout).build());
	}

	private GrokApiException fails(Invocation invocation, Prompt prompt) {
		return catchThrowableOfType(GrokApiException.class, () -> invocation.last(this.model, prompt));
	}

	// Reactor adds an exception when a stream is blocked on
	private static List<GrokApiException> ourSuppressed(Throwable failure) {
		return Stream.of(failure.getSuppressed())
			.filter(GrokApiException.class::isInstance)
			.map(GrokApiException.class::cast)
			.toList();
	}

	private static String text(Flux<ChatResponse> stream) {
		return stream.map((element) -> String.valueOf(element.getResult().getOutput().getText()))
			.reduce("", String::concat)
			.block(Invocation.TIMEOUT);
	}

	private static Failing failing(String name, ErrorKind kind, Consumer<XaiServer> script, int... waits) {
		return new Failing(name, kind, script, IntStream.of(waits).mapToObj(Fixture::seconds).toList());
	}

	/**
	 * Permanent failure.
	 *
	 * @param name the display name
	 * @param kind the expected kind
	 * @param script configures the server
	 * @param waits the expected delays between attempts
	 */
	private record Failing(String name, ErrorKind kind, Consumer<XaiServer> script, List<Duration> waits) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
