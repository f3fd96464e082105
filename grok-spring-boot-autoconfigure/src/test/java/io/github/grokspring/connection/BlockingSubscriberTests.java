package io.github.grokspring.connection;

import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BlockingSubscriber}.
 */
class BlockingSubscriberTests {

	@Test
	void returnsResponse() {
		assertThat(BlockingSubscriber.await(Mono.just("one"))).isEqualTo("one");
		assertThat(BlockingSubscriber.await(Mono.delay(Duration.ofMillis(50)).thenReturn("late"))).isEqualTo("late");
		String nothing = BlockingSubscriber.await(Mono.empty());
		assertThat(nothing).isNull();
	}

	@Test
	void propagatesContext() {
		Mono<String> answer = Mono.deferContextual((context) -> Mono.just(context.<String>get("key")));
		String value = BlockingSubscriber.await(answer, reactor.util.context.Context.of("key", "value"));
		assertThat(value).isEqualTo("value");
	}

	@Test
	void throwsFailureWithStackTraceOfCaller() {
		GrokApiException failure = GrokApiException.builder(ErrorKind.OVERLOADED, "busy").build();
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> BlockingSubscriber.await(Mono.delay(Duration.ofMillis(20)).then(Mono.error(failure))))
			.isSameAs(failure)
			.satisfies((ex) -> assertThat(ex.getStackTrace())
				.anyMatch((frame) -> frame.getMethodName().contains("throwsFailureWithStackTraceOfCaller")));
	}

	@Test
	void throwsOtherFailures() {
		assertThatIllegalStateException()
			.isThrownBy(() -> BlockingSubscriber.await(Mono.error(new IllegalStateException("odd"))))
			.satisfies((ex) -> assertThat(ex.getSuppressed()).isNotEmpty());
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> BlockingSubscriber.await(Mono.error(new IOException("io"))))
			.withCauseInstanceOf(IOException.class);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> BlockingSubscriber.await(Mono.error(new AssertionError("bug"))));
	}

	@Test
	void interruptedPlatformThreadClosesSocket() throws Exception {
		interruptingClosesTheSocket(Thread::new);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void interruptedVirtualThreadClosesSocket() throws Exception {
		Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
		Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
		interruptingClosesTheSocket((task) -> {
			try {
				return (Thread) unstarted.invoke(builder, task);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	@Test
	void interruptedThreadSendsNothing() {
		AtomicBoolean subscribed = new AtomicBoolean();
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(GrokException.class)
				.isThrownBy(() -> BlockingSubscriber.await(Mono.fromRunnable(() -> subscribed.set(true))))
				.withMessage("Interrupted while waiting for xAI");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(subscribed).isFalse();
	}

	@Test
	void nonBlockingThreadFailsWithAdvice() {
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> Mono.fromCallable(() -> BlockingSubscriber.await(Mono.just("one")))
				.subscribeOn(Schedulers.parallel())
				.block(Exchanges.LIMIT))
			.withMessageContaining("stream()")
			.withMessageContaining("parallel-");
	}

	@Test
	void eventLoopThreadFails() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				ReactorXaiHttpClient http = Exchanges.connect(server.url())) {
			assertThatExceptionOfType(GrokException.class)
				.isThrownBy(() -> http.exchange(Exchanges.post())
					.map((response) -> BlockingSubscriber.await(http.exchange(Exchanges.post())))
					.block(Exchanges.LIMIT))
				.withMessageContaining("stream()");
		}
	}

	private static void interruptingClosesTheSocket(java.util.function.Function<Runnable, Thread> threads)
			throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect);
				ReactorXaiHttpClient http = Exchanges.connect(server.url())) {
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			Thread caller = threads.apply(() -> {
				try {
					BlockingSubscriber.await(http.exchange(Exchanges.post()));
				}
				catch (GrokException ex) {
					interrupted.complete(ex.getMessage().equals("Interrupted while waiting for xAI")
							&& Thread.currentThread().isInterrupted());
				}
			});
			caller.start();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			caller.interrupt();
			assertThat(interrupted.get(2, TimeUnit.SECONDS)).isTrue();
			await().pollInterval(Duration.ofMillis(5)).atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
		}
	}

}
