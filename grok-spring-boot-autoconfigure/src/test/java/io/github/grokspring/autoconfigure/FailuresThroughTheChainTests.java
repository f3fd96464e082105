package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers of an application see of every failure that xAI is known for, how often
 * and after which waits a request was sent: with all stages, over both transports, for
 * calls and streams.
 */
class FailuresThroughTheChainTests {

	private static final int[] NONE = {};

	private static final String REQUEST_ID = "0b3cda12-6a3b-4d0e-a1f7-2f1f6a0d1c55";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<Duration> waits = new ArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(Sleeper.class, () -> new RecordedWaits(this.waits))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.retry.jitter=none",
				"grok.rate-limit.learn=false", "grok.rate-limit.max-concurrent=1", "grok.budgets.all.limit=1000");

	private static List<Lasting> lasting() {
		List<Lasting> failures = new ArrayList<>();
		failures.add(lasting("429", ErrorKind.RATE_LIMITED, (xai) -> xai.failsWith(429).byDefault(), 2, 4, 8, 16));
		failures.add(lasting("429 that asks for a second", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).retryAfter(1).byDefault(), 3, 5, 9, 17));
		failures.add(lasting("429 that asks for more", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).rateLimited(3, 2).retryAfter(9).byDefault(), 11, 13, 17, 25));
		failures.add(lasting("429 that asks for more than a call may wait", ErrorKind.RATE_LIMITED,
				(xai) -> xai.failsWith(429).retryAfter(120).byDefault(), 122, 124));
		failures.add(lasting("500", ErrorKind.SERVER_ERROR, (xai) -> xai.failsWith(500).byDefault(), 2, 4));
		for (int status : new int[] { 502, 503, 504, 520, 529 }) {
			failures.add(lasting(String.valueOf(status), ErrorKind.OVERLOADED,
					(xai) -> xai.failsWith(status).byDefault(), 2, 4));
		}
		failures.add(lasting("a page of Cloudflare that asks for a minute", ErrorKind.OVERLOADED,
				(xai) -> xai.failsWith(522).retryAfter(60).byDefault(), 62, 64));
		failures.add(lasting("reset", ErrorKind.CONNECTION, (xai) -> xai.resetsConnection().byDefault(), 2, 4));
		failures.add(lasting("closed without a word", ErrorKind.CONNECTION,
				(xai) -> xai.answersRaw(0, "", "").thenCloses().byDefault(), 2, 4));
		failures.add(lasting("broken in the middle of nothing", ErrorKind.STREAM_BROKEN,
				(xai) -> xai.answers("one two").closesAfter(0).byDefault(), 2, 4));
		failures.add(lasting("reset in the middle of nothing", ErrorKind.STREAM_BROKEN,
				(xai) -> xai.answers("one two").breaksAfter(0).byDefault(), 2, 4));
		failures.add(lasting("error under 200", ErrorKind.OVERLOADED,
				(xai) -> xai.answersWithError("The service is currently unavailable", "Timed out waiting").byDefault(),
				2, 4));
		failures.add(lasting("error instead of the first word", ErrorKind.SERVER_ERROR,
				(xai) -> xai.answers("one two").failsAfter(0, "internal", "Gone").byDefault(), 2, 4));
		failures.add(lasting("400", ErrorKind.INVALID_REQUEST, (xai) -> xai.failsWith(400).byDefault(), NONE));
		failures.add(lasting("401", ErrorKind.MISSING_API_KEY, (xai) -> xai.failsWith(401).byDefault(), NONE));
		failures.add(lasting("402", ErrorKind.INSUFFICIENT_CREDITS,
				(xai) -> xai.failsWith(402).saying("payment-required", "Payment required").byDefault(), NONE));
		failures.add(lasting("403", ErrorKind.PERMISSION_DENIED, (xai) -> xai.failsWith(403).byDefault(), NONE));
		failures
			.add(lasting("no credits", ErrorKind.INSUFFICIENT_CREDITS, (xai) -> xai.hasNoCredits().byDefault(), NONE));
		failures.add(lasting("safety", ErrorKind.SAFETY_REFUSAL, (xai) -> xai.refusesForSafety().byDefault(), NONE));
		failures.add(lasting("404", ErrorKind.INVALID_REQUEST, (xai) -> xai.failsWith(404).byDefault(), NONE));
		failures.add(lasting("410", ErrorKind.FEATURE_REMOVED, (xai) -> xai.failsWith(410).byDefault(), NONE));
		failures.add(lasting("422", ErrorKind.INVALID_REQUEST, (xai) -> xai.failsWith(422).byDefault(), NONE));
		failures.add(lasting("a certificate that Cloudflare refuses", ErrorKind.UNKNOWN,
				(xai) -> xai.failsWith(526).byDefault(), NONE));
		failures.add(lasting("503 that wants to be left alone", ErrorKind.OVERLOADED,
				(xai) -> xai.failsWith(503).header("x-should-retry", false).byDefault(), NONE));
		failures.add(lasting("a page where an answer should be", ErrorKind.UNKNOWN,
				(xai) -> xai.answersRaw(200, "text/html", "<html><title>Hello</title></html>").byDefault(), NONE));
		return failures;
	}

	@ParameterizedTest
	@MethodSource("ways")
	void isRetriedAsItDeserves(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			CircuitBreakers breakers = context.getBean(CircuitBreakers.class);
			SoftAssertions.assertSoftly((softly) -> {
				for (Lasting failing : lasting()) {
					xai.reset();
					this.waits.clear();
					breakers.reset("default:grok-4.3");
					failing.script().accept(xai);
					GrokApiException failure = way.failure(model, new Prompt("hi"));
					softly.assertThat(failure.kind()).as(failing.name()).isEqualTo(failing.kind());
					softly.assertThat(this.waits).as(failing.name()).isEqualTo(failing.waits());
					int attempts = failing.waits().size() + 1;
					softly.assertThat(xai.requestCount()).as(failing.name()).isEqualTo(attempts);
					softly.assertThat(failure.attempts()).as(failing.name()).isEqualTo(attempts);
				}
			});
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatBreaksInTheMiddleIsRetriedUnlessSomethingOfItWasSeen(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			xai.answers("").inChunks("one ", "two ", "three").pace(Duration.ofMillis(50)).breaksAfter(1);
			xai.answers("four");
			String text = way.text(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(text).isEqualTo(way.stream() ? "one " : "four");
			assertThat(xai.requestCount()).isEqualTo(way.stream() ? 1 : 2);
		});
	}

	private static List<Told> told() {
		List<Told> failures = new ArrayList<>();
		failures.add(new Told("a flat error", 503, "{\"code\":\"unavailable\",\"error\":\"Overloaded, come back\"}",
				ErrorKind.OVERLOADED, "unavailable", "Overloaded, come back"));
		failures.add(new Told("an error of OpenAI", 500,
				"{\"error\":{\"message\":\"It broke\",\"type\":\"server_error\",\"code\":\"internal_error\"}}",
				ErrorKind.SERVER_ERROR, "internal_error", "It broke"));
		failures.add(new Told("a page", 502, "<!DOCTYPE html><html><title>Bad gateway</title></html>",
				ErrorKind.OVERLOADED, null, "Bad gateway"));
		failures.add(new Told("nothing", 503, "", ErrorKind.OVERLOADED, null, "503"));
		failures.add(new Told("a number for a code", 429, "{\"code\":429,\"error\":\"Slow down [WKE=x]\"}",
				ErrorKind.RATE_LIMITED, "429", "Slow down"));
		failures.add(new Told("an error under 200", 200,
				"{\"code\":\"The service is currently unavailable\",\"error\":\"Timed out waiting for first token\"}",
				ErrorKind.OVERLOADED, "The service is currently unavailable", "Timed out waiting"));
		failures.add(new Told("an error of OpenAI under 200", 200,
				"{\"error\":{\"message\":\"It broke\",\"code\":\"internal_error\"}}", ErrorKind.SERVER_ERROR,
				"internal_error", "It broke"));
		failures.add(new Told("a wrong key", 400,
				"{\"code\":\"invalid-argument\",\"error\":\"Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai.\"}",
				ErrorKind.INVALID_API_KEY, "invalid-argument", "***"));
		failures.add(new Told("a retired model", 404,
				"{\"code\":\"not-found\",\"error\":\"The model grok-3 was deprecated on 2026-05-15 and is no longer accessible via the API.\"}",
				ErrorKind.MODEL_NOT_FOUND, "not-found", "grok-3"));
		return failures;
	}

	@ParameterizedTest
	@MethodSource("ways")
	void isToldInOneWayHoweverXaiSaysIt(TransportInvocation way) {
		this.application.withPropertyValues(way.property(), "grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			SoftAssertions.assertSoftly((softly) -> {
				for (Told told : told()) {
					String type = told.body().startsWith("<") ? "text/html" : "application/json";
					xai.answersRaw(told.status(), type, told.body()).header("x-request-id", REQUEST_ID);
					assertTold(softly, told, way.failure(model, new Prompt("the secret")));
				}
			});
		});
	}

	private static void assertTold(SoftAssertions softly, Told told, GrokApiException failure) {
		softly.assertThat(failure.kind()).as(told.name()).isEqualTo(told.kind());
		softly.assertThat(failure.status()).as(told.name()).isEqualTo(told.status());
		softly.assertThat(failure.code()).as(told.name()).isEqualTo(told.code());
		softly.assertThat(failure.requestId()).as(told.name()).isEqualTo(REQUEST_ID);
		softly.assertThat(failure.isRetryable()).as(told.name()).isEqualTo(told.kind().isRetryable());
		softly.assertThat(failure).as(told.name()).hasMessageContaining(told.text());
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			softly.assertThat(cause.toString()).as(told.name()).doesNotContain("***jU", "the secret", xai.apiKey());
		}
	}

	static Stream<Arguments> events() {
		List<Event> events = List.of(
				new Event("a text", "data: {\"code\":\"internal\",\"error\":\"It broke\"}\n\n", "internal"),
				new Event("an object", "data: {\"error\":{\"message\":\"It broke\",\"code\":\"internal\"}}\n\n",
						"internal"),
				new Event("an event of that name",
						"event: error\ndata: {\"code\":\"internal\",\"message\":\"It broke\"}\n\n", "internal"),
				new Event("a type", "data: {\"type\":\"error\",\"code\":\"internal\",\"message\":\"It broke\"}\n\n",
						"internal"));
		// OpenAI's SDK knows errors within a stream by the field, and not their codes.
		return Stream
			.concat(events.stream().map((event) -> Arguments.of(new TransportInvocation("native", true), event)), events
				.stream()
				.limit(2)
				.map((event) -> Arguments.of(new TransportInvocation("spring-ai", true),
						new Event(event.name(), event.text(), event.name().equals("a text") ? null : event.code()))));
	}

	@ParameterizedTest
	@MethodSource("events")
	void isToldInOneWayWithinAStreamToo(TransportInvocation way, Event event) {
		this.application.withPropertyValues(way.property(), "grok.retry.enabled=false").run((context) -> {
			xai.streamsRaw(chunk("one", null) + event.text()).header("x-request-id", REQUEST_ID);
			GrokApiException failure = way.failure(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(failure.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
			assertThat(failure.status()).isEqualTo(200);
			assertThat(failure.code()).isEqualTo(event.code());
			assertThat(failure.requestId()).isEqualTo(REQUEST_ID);
			assertThat(failure).hasMessageContaining("It broke");
		});
	}

	// OpenAI's SDK takes the field of a chunk for an error.
	static Stream<TransportInvocation> withNullErrors() {
		return TransportInvocation.all().stream().filter((way) -> !way.stream() || way.transport().equals("native"));
	}

	@ParameterizedTest
	@MethodSource("withNullErrors")
	void anErrorThatIsNullIsNone(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			if (way.stream()) {
				xai.streamsRaw((chunk("one", null) + chunk("", "stop")).replace("{\"id\"", "{\"error\":null,\"id\"")
						+ "data: [DONE]\n\n");
			}
			else {
				xai.answersRaw(200, "application/json",
						"{\"error\":null,\"id\":\"1\",\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,\"message\":"
								+ "{\"role\":\"assistant\",\"content\":\"one\"},\"finish_reason\":\"stop\"}]}");
			}
			assertThat(way.text(context.getBean(GrokChatModel.class), new Prompt("hi"))).isEqualTo("one");
		});
	}

	static Stream<Arguments> withoutAnEnd() {
		List<Event> streams = List.of(new Event("at once", "", ""), new Event("after a word", chunk("one", null), ""),
				new Event("after it says that it is done", chunk("one", null) + "data: [DONE]\n\n", ""));
		return Stream.of("native", "spring-ai")
			.flatMap((transport) -> streams.stream()
				.map((event) -> Arguments.of(new TransportInvocation(transport, true), event)));
	}

	@ParameterizedTest
	@MethodSource("withoutAnEnd")
	void aStreamThatEndsWithoutAReasonIsBroken(TransportInvocation way, Event stream) {
		this.application.withPropertyValues(way.property(), "grok.retry.enabled=false").run((context) -> {
			xai.streamsRaw(stream.text());
			assertThat(way.failure(context.getBean(GrokChatModel.class), new Prompt("hi")).kind())
				.isEqualTo(ErrorKind.STREAM_BROKEN);
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatWasUsedIsToldAtTheEnd(TransportInvocation way) {
		this.application.withPropertyValues(way.property()).run((context) -> {
			if (way.stream()) {
				xai.streamsRaw(chunk("one", null) + chunk("", "stop")
						+ "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"grok-4.3\","
						+ "\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":12,\"total_tokens\":142,"
						+ "\"completion_tokens_details\":{\"reasoning_tokens\":100}}}\n\ndata: [DONE]\n\n");
			}
			else {
				xai.answers("one").usage(30, 12).reasoningTokens(100);
			}
			ChatResponse answer = way.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(answer.getMetadata().getUsage().getPromptTokens()).isEqualTo(30);
			assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(112);
			assertThat(answer.getMetadata().getUsage().getTotalTokens()).isEqualTo(142);
		});
	}

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	private static String chunk(String content, String finishReason) {
		return "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"grok-4.3\","
				+ "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"},\"finish_reason\":"
				+ ((finishReason != null) ? "\"" + finishReason + "\"" : "null") + "}]}\n\n";
	}

	private static Lasting lasting(String name, ErrorKind kind, Consumer<XaiServer> script, int... seconds) {
		return new Lasting(name, kind, script, IntStream.of(seconds).mapToObj(Duration::ofSeconds).toList());
	}

	/**
	 * A failure that does not end.
	 *
	 * @param name what it is called
	 * @param kind the kind it has to end with
	 * @param script what the server does
	 * @param waits the waits between attempts
	 */
	private record Lasting(String name, ErrorKind kind, Consumer<XaiServer> script, List<Duration> waits) {

	}

	/**
	 * An error in a body.
	 */
	private record Told(String name, int status, String body, ErrorKind kind, String code, String text) {

	}

	/**
	 * Something in a stream.
	 */
	private record Event(String name, String text, String code) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * Takes note of waits and lets nobody wait.
	 */
	private record RecordedWaits(List<Duration> all) implements Sleeper {

		@Override
		public void sleep(Duration duration) {
			this.all.add(duration);
		}

		@Override
		public Mono<Void> delay(Duration duration) {
			return Mono.fromRunnable(() -> this.all.add(duration));
		}

	}

}
