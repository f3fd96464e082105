package io.github.grokspring.retry;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.Timeout;
import com.openai.credential.BearerTokenCredential;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIRetryableException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link RetrySettings#template()} around other clients that call xAI.
 */
class ForeignClientRetryTests {

	private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

	private static final String PATH = "/v1/models";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Fixture fixture = new Fixture();

	private final AtomicInteger calls = new AtomicInteger();

	static Stream<Arguments> statuses() {
		return Stream.of(Client.values())
			.filter((client) -> client != Client.JDK)
			.flatMap((client) -> Stream
				.of("429,5", "503,3", "500,3", "529,3", "408,2", "400,1", "401,1", "403,1", "404,1", "422,1", "525,1")
				.map((row) -> row.split(","))
				// OkHttp repeats the request once itself
				.filter((row) -> client != Client.OPENAI || !row[0].equals("408"))
				.map((row) -> Arguments.of(client, Integer.parseInt(row[0]), Integer.parseInt(row[1]))));
	}

	@ParameterizedTest
	@MethodSource("statuses")
	void statusDeterminesTheNumberOfAttempts(Client client, int status, int attempts) {
		xai.answersRaw(status, "application/json", "{\"error\":\"Failed\"}").on(PATH).byDefault();
		Throwable thrown = catchThrowable(() -> execute(client, xai.baseUrl()));
		assertThat(thrown).isNotNull();
		assertThat(xai.requestCount()).isEqualTo(attempts);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
	void retryAfterInSecondsIsRespected(Client client) throws Exception {
		xai.failsWith(429).on(PATH).retryAfter(7);
		xai.failsWith(503).on(PATH).header("Retry-After", "30");
		assertThat(execute(client, xai.baseUrl())).contains("grok-4.3");
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(9), Fixture.seconds(34));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
	void retryAfterWithADateIsRespected(Client client) throws Exception {
		xai.failsWith(503).on(PATH).header("Retry-After", date(NOW.plusSeconds(20)));
		xai.failsWith(503).on(PATH).header("Retry-After", date(NOW.minusSeconds(20)));
		assertThat(execute(client, xai.baseUrl())).contains("grok-4.3");
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(22), Fixture.seconds(4));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
	void shouldRetryHeaderIsRespected(Client client) {
		xai.failsWith(503).on(PATH).header("x-should-retry", "false").byDefault();
		assertThat(catchThrowable(() -> execute(client, xai.baseUrl()))).isNotNull();
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
	void exhaustedCreditsAreNotRetried(Client client) {
		xai.answersRaw(429, "application/json",
				"{\"code\":\"resource-exhausted\",\"error\":\"Your team has used all available credits.\"}")
			.on(PATH)
			.byDefault();
		assertThat(catchThrowable(() -> execute(client, xai.baseUrl()))).isNotNull();
		assertThat(xai.requestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void lostConnectionHasTheLimitOfBillableFailures(Client client) {
		xai.resetsConnection().on(PATH).byDefault();
		assertThat(catchThrowable(() -> execute(client, xai.baseUrl()))).isNotNull();
		assertThat(this.calls).hasValue(3);
	}

	@ParameterizedTest
	@EnumSource
	void connectionRefusedIsUnsent(Client client) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
			port = socket.getLocalPort();
		}
		assertThat(catchThrowable(() -> execute(client, "http://127.0.0.1:" + port + "/v1"))).isNotNull();
		assertThat(this.calls).hasValue(5);
	}

	@ParameterizedTest
	@EnumSource
	void missingResponseIsATimeout(Client client) {
		xai.answersRaw(200, "application/json", "{}").on(PATH).silentFor(Duration.ofMinutes(5)).byDefault();
		assertThat(catchThrowable(() -> execute(client, xai.baseUrl()))).isNotNull();
		assertThat(this.calls).hasValue(2);
	}

	static Stream<Arguments> failures() {
		return Stream.of(Arguments.of(new HttpConnectTimeoutException("HTTP connect timed out"), 5),
				Arguments.of(new ResourceAccessException("I/O error", new SocketTimeoutException("Connect timed out")),
						5),
				Arguments.of(new ResourceAccessException("I/O error"), 3),
				Arguments.of(new OpenAIIoException("Request failed"), 3),
				Arguments.of(new OpenAIIoException("Request failed", new InterruptedIOException("timeout")), 2),
				Arguments.of(new OpenAIRetryableException("Try again"), 3),
				Arguments.of(new OpenAIInvalidDataException("Broken", new IOException("Unexpected character")), 1),
				Arguments.of(new IllegalStateException(new TimeoutException("Did not observe any item")), 2),
				Arguments.of(new IOException("Request was interrupted", new InterruptedException()), 1),
				Arguments.of(new TransientAiException("503 - Busy"), 3),
				Arguments.of(new TransientAiException("HTTP 429 - Too many requests"), 5),
				Arguments.of(new TransientAiException("Try again"), 3),
				Arguments.of(new TransientAiException("Failed", new ResourceAccessException("I/O error")), 3),
				Arguments.of(new NonTransientAiException("HTTP 401 - Wrong key"), 1),
				Arguments.of(new NonTransientAiException("Failed", new IOException("Gone")), 1));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void originalExceptionIsThrownAfterAllAttempts(Exception failure, int attempts) {
		assertThatThrownBy(() -> this.fixture.settings().template().execute((context) -> {
			this.calls.incrementAndGet();
			throw failure;
		})).isSameAs(failure);
		assertThat(this.calls).hasValue(attempts);
	}

	@Test
	void transientExceptionHasRetryAfterOfItsCause() throws Exception {
		xai.failsWith(503).on(PATH).retryAfter(7);
		this.fixture.settings().template().execute((context) -> {
			try {
				return Client.REST_CLIENT.call(xai.baseUrl());
			}
			catch (HttpServerErrorException ex) {
				throw new TransientAiException("Failed", ex);
			}
		});
		assertThat(this.fixture.waits()).containsExactly(Fixture.seconds(9));
	}

	@Test
	void clientsAreOptional() throws Exception {
		URL[] libraries = Pattern.compile(File.pathSeparator)
			.splitAsStream(System.getProperty("java.class.path"))
			.filter((entry) -> !entry.matches(".*/(spring-web|spring-webflux|spring-ai-retry|openai-java)[^/]*\\.jar"))
			.map(ForeignClientRetryTests::url)
			.toArray(URL[]::new);
		try (URLClassLoader application = new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader())) {
			for (Class<?> client : List.of(RestClient.class, WebClient.class, OpenAIIoException.class,
					TransientAiException.class)) {
				assertThatThrownBy(() -> application.loadClass(client.getName()))
					.isInstanceOf(ClassNotFoundException.class);
			}
			Callable<?> program = (Callable<?>) application.loadClass(WithoutClients.class.getName())
				.getDeclaredConstructor()
				.newInstance();
			assertThat(program.call()).isEqualTo(3);
		}
	}

	private String execute(Client client, String baseUrl) throws Exception {
		return this.fixture.settings().template(Clock.fixed(NOW, ZoneOffset.UTC)).execute((context) -> {
			this.calls.incrementAndGet();
			return client.call(baseUrl);
		});
	}

	private static String date(Instant instant) {
		return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
	}

	private static URL url(String entry) {
		try {
			return new File(entry).toURI().toURL();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Retries without optional clients on the class path.
	 */
	public static class WithoutClients implements Callable<Integer> {

		@Override
		public Integer call() {
			AtomicInteger calls = new AtomicInteger();
			try {
				new Fixture().settings().template().execute((context) -> {
					calls.incrementAndGet();
					throw new IOException("Gone");
				});
			}
			catch (IOException ex) {
				return calls.get();
			}
			return 0;
		}

	}

	/**
	 * HTTP clients with default settings and a timeout.
	 */
	enum Client {

		REST_CLIENT {

			@Override
			String call(String baseUrl) {
				JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory();
				requests.setReadTimeout(LIMIT);
				return RestClient.builder()
					.requestFactory(requests)
					.baseUrl(baseUrl)
					.build()
					.get()
					.uri("/models")
					.headers((headers) -> headers.setBearerAuth(xai.apiKey()))
					.retrieve()
					.body(String.class);
			}

		},

		REST_TEMPLATE {

			@Override
			String call(String baseUrl) {
				SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
				requests.setReadTimeout(LIMIT);
				RestTemplate template = new RestTemplate(requests);
				template.getInterceptors().add((request, body, execution) -> {
					request.getHeaders().setBearerAuth(xai.apiKey());
					return execution.execute(request, body);
				});
				return template.getForObject(baseUrl + "/models", String.class);
			}

		},

		WEB_CLIENT {

			@Override
			String call(String baseUrl) {
				return get(WebClient.builder()
					.clientConnector(new ReactorClientHttpConnector(
							reactor.netty.http.client.HttpClient.create().disableRetry(true).responseTimeout(LIMIT)))
					.baseUrl(baseUrl)
					.build(), null);
			}

		},

		WEB_CLIENT_WITH_TIMEOUT_OF_REACTOR {

			@Override
			String call(String baseUrl) {
				return get(WebClient.builder().clientConnector(new JdkClientHttpConnector()).baseUrl(baseUrl).build(),
						LIMIT);
			}

		},

		JDK {

			@Override
			String call(String baseUrl) throws Exception {
				HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/models"))
					.timeout(LIMIT)
					.header("Authorization", "Bearer " + xai.apiKey())
					.build();
				return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
			}

		},

		OPENAI {

			@Override
			String call(String baseUrl) {
				Timeout timeout = Timeout.builder().read(LIMIT).build();
				OpenAIClientImpl client = new OpenAIClientImpl(ClientOptions.builder()
					.httpClient(SpringAiOpenAiHttpClient.builder().timeout(timeout).build())
					.credential(BearerTokenCredential.create(xai::apiKey))
					.baseUrl(baseUrl)
					.maxRetries(0)
					.timeout(timeout)
					.build());
				try {
					return client.models().list().data().toString();
				}
				finally {
					client.close();
				}
			}

		};

		private static final Duration LIMIT = Duration.ofSeconds(1);

		abstract String call(String baseUrl) throws Exception;

		private static String get(WebClient client, Duration limit) {
			Mono<String> response = client.get()
				.uri("/models")
				.headers((headers) -> headers.setBearerAuth(xai.apiKey()))
				.retrieve()
				.bodyToMono(String.class);
			return ((limit != null) ? response.timeout(limit) : response).block();
		}

	}

}
