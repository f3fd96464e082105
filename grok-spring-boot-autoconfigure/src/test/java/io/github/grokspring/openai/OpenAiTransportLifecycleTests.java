package io.github.grokspring.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for cancelling, interrupting and closing an {@link OpenAiTransport}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class OpenAiTransportLifecycleTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** Long before a server that stalls goes on. */
	private static final Duration AT_ONCE = Duration.ofSeconds(10);

	/**
	 * The SDK starts streams on the common pool, which may have a single thread.
	 */
	private static final Executor OWN_THREAD = (task) -> new Thread(task, "test").start();

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestObservationRegistry observations = TestObservationRegistry.create();

	private final OpenAiTransport transport = OpenAiTransport.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()),
			xai::apiKey, null, ModelCatalog.bundled(), this.observations, null);

	private final Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build());

	@AfterEach
	void closeTransport() {
		this.transport.close();
	}

	@Test
	void cancellingStalledStreamClosesSocketWithoutBlocking(CapturedOutput output) throws Exception {
		this.transport.call(this.prompt);
		xai.answersInChunks(10).stallsAfter(3, Duration.ofSeconds(20));
		CountDownLatch begun = new CountDownLatch(1);
		Disposable stream = this.transport.stream(this.prompt).subscribe((element) -> begun.countDown());
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(timeOf(stream::dispose)).isLessThan(AT_ONCE);
		assertConnectionIsClosed();
		assertNoCallsInFlight();
		assertThat(output).doesNotContain("onErrorDropped", "Exception");
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasNumberOfObservationsWithNameEqualTo("gen_ai.client.operation", 2)
			.forAllObservationsWithNameEqualTo("gen_ai.client.operation",
					(observation) -> observation.doesNotHaveError());
	}

	@Test
	void cancellingClosesSocket() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Integer> afterCancel = CompletableFuture.supplyAsync(() -> beginStream(server),
					OWN_THREAD);
			OpenAiTransport other = OpenAiTransport.create(
					HttpSettings.defaults().withBaseUrl("http://127.0.0.1:" + server.getLocalPort() + "/v1"),
					xai::apiKey, null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null);
			CountDownLatch begun = new CountDownLatch(1);
			Disposable stream = other.stream(this.prompt).subscribe((element) -> begun.countDown());
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(timeOf(stream::dispose)).isLessThan(AT_ONCE);
			assertThat(afterCancel.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(-1);
			other.close();
		}
	}

	private static int beginStream(ServerSocket server) {
		try (Socket socket = server.accept()) {
			InputStream in = socket.getInputStream();
			byte[] request = new byte[65536];
			int length = 0;
			while (!new String(request, 0, length, StandardCharsets.UTF_8).contains("\"stream\":true")) {
				length += in.read(request, length, request.length - length);
			}
			String chunk = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
					+ "\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
			socket.getOutputStream()
				.write(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
						+ Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n")
					.getBytes(StandardCharsets.UTF_8));
			return in.read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void cancellingBeforeHeadersClosesSocketWithoutBlocking(CapturedOutput output) {
		xai.answers("late").silentFor(Duration.ofSeconds(20));
		Disposable stream = this.transport.stream(this.prompt).subscribe();
		Awaitility.await().atMost(TIMEOUT).until(() -> xai.requestCount() == 1);
		assertThat(timeOf(stream::dispose)).isLessThan(AT_ONCE);
		xai.awaitClientDisconnect(AT_ONCE);
		assertNoCallsInFlight();
		assertThat(output).doesNotContain("onErrorDropped", "Exception");
	}

	@Test
	void cancellingImmediatelySendsNothingOrClosesSocket() {
		xai.answers("late").silentFor(Duration.ofSeconds(20)).byDefault();
		for (int i = 0; i < 20; i++) {
			this.transport.stream(this.prompt).subscribe().dispose();
		}
		assertNoCallsInFlight();
		Awaitility.await().atMost(TIMEOUT).until(() -> xai.openStreams() == 0);
	}

	@Test
	void timeoutOfSubscriberIsNotDelayed() {
		xai.answersInChunks(10).stallsAfter(3, Duration.ofSeconds(20));
		Duration took = timeOf(
				() -> StepVerifier.create(this.transport.stream(this.prompt).timeout(Duration.ofMillis(500)))
					.thenConsumeWhile((element) -> true)
					.expectError(TimeoutException.class)
					.verify(TIMEOUT));
		assertThat(took).isLessThan(AT_ONCE);
		assertNoCallsInFlight();
	}

	@Test
	void takingSomeElementsClosesStream() {
		xai.answersInChunks(1000).pace(Duration.ofMillis(20));
		assertThat(this.transport.stream(this.prompt).take(3).collectList().block(TIMEOUT)).hasSize(3);
		assertConnectionIsClosed();
		assertNoCallsInFlight();
	}

	@Test
	void blockingCallCanBeInterrupted() throws Exception {
		xai.answers("late").silentFor(Duration.ofSeconds(20));
		assertInterrupted();
		xai.answers("late").silentAfterHeaders(Duration.ofSeconds(20));
		assertInterrupted();
		xai.awaitClientDisconnects(2, Duration.ofSeconds(2));
		assertNoCallsInFlight();
	}

	private void assertInterrupted() throws Exception {
		long before = xai.requestCount();
		CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			try {
				this.transport.call(this.prompt);
			}
			catch (RuntimeException ex) {
				failure.set(ex);
			}
			stillInterrupted.complete(Thread.currentThread().isInterrupted());
		});
		caller.start();
		Awaitility.await().atMost(TIMEOUT).until(() -> xai.requestCount() == before + 1);
		caller.interrupt();
		assertThat(stillInterrupted.get(2, TimeUnit.SECONDS)).isTrue();
		assertThat(failure.get()).isInstanceOf(GrokException.class).hasMessageContaining("Interrupted");
	}

	@Test
	void blockingCallOnNonBlockingThreadIsRejected() {
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> Flux.just(1)
				.publishOn(Schedulers.parallel())
				.map((one) -> this.transport.call(this.prompt))
				.blockLast(TIMEOUT))
			.withMessageContaining("stream()");
		assertThat(xai.requestCount()).isZero();
	}

	@Test
	void closingFailsCallsInFlightAndEndsThreads() throws Exception {
		xai.answersInChunks(10).stallsAfter(3, Duration.ofSeconds(20));
		AtomicReference<Throwable> streamFailure = new AtomicReference<>();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(2);
		this.transport.stream(this.prompt).subscribe((element) -> begun.countDown(), (ex) -> {
			streamFailure.set(ex);
			ended.countDown();
		});
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		xai.answers("late").silentFor(Duration.ofSeconds(20));
		AtomicReference<Throwable> callFailure = new AtomicReference<>();
		CompletableFuture.runAsync(() -> this.transport.call(this.prompt), OWN_THREAD).whenComplete((nothing, ex) -> {
			callFailure.set(ex.getCause());
			ended.countDown();
		});
		Awaitility.await().atMost(TIMEOUT).until(() -> xai.requestCount() == 2);
		this.transport.close();
		this.transport.close();
		assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
		assertThat(List.of(streamFailure.get(), callFailure.get())).allSatisfy((ex) -> {
			assertThat(ex).isInstanceOf(GrokApiException.class).hasMessageContaining("context closes");
			assertThat(((GrokApiException) ex).kind()).isEqualTo(ErrorKind.CONNECTION);
		});
		assertNoCallsInFlight();
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("grok-openai-")));
	}

	@Test
	void callsAfterCloseFailClearly() {
		this.transport.close();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.transport.call(this.prompt))
			.withMessageContaining("closed");
		StepVerifier.create(this.transport.stream(this.prompt))
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOf(GrokApiException.class).hasMessageContaining("closed"))
			.verify(TIMEOUT);
		assertThat(xai.requestCount()).isZero();
	}

	@Test
	void threadsAreDaemonsWithNames() {
		xai.answersInChunks(10).stallsAfter(3, Duration.ofSeconds(20));
		Disposable stream = this.transport.stream(this.prompt).subscribe();
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("grok-openai-stream-"))
				.isNotEmpty()
				.allMatch(Thread::isDaemon));
		assertThat(Thread.getAllStackTraces().keySet())
			.filteredOn((thread) -> thread.getName().startsWith("OkHttp") || thread.getName().startsWith("grok-openai"))
			.allMatch(Thread::isDaemon);
		stream.dispose();
	}

	@Test
	void hundredStreamsWithLateHeadersAreSentConcurrently() {
		xai.answers("late").silentFor(Duration.ofSeconds(50)).byDefault();
		Disposable streams = Flux.range(0, 100).flatMap((i) -> this.transport.stream(this.prompt), 100).subscribe();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> xai.requestCount() == 100);
		assertThat(timeOf(streams::dispose)).isLessThan(AT_ONCE);
		assertNoCallsInFlight();
	}

	private void assertNoCallsInFlight() {
		Awaitility.await().atMost(TIMEOUT).until(() -> this.transport.callsInFlight() == 0);
	}

	private static void assertConnectionIsClosed() {
		Awaitility.await().atMost(AT_ONCE).until(() -> xai.activeConnections() == 0);
	}

	private static Duration timeOf(Runnable work) {
		long start = System.nanoTime();
		work.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
