package io.github.grokspring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads end with the application context that needed them.
 */
class ThreadsAfterCloseTests {

	private static final int STREAMS = 30;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Idle threads may be kept for a while when other tests keep their connections. */
	private static final Duration SOON = Duration.ofSeconds(8);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@TempDir
	private Path folder;

	private final Set<Thread> before = threads();

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void noThreadIsLeftWhenTheContextIsClosed(String transport) {
		application(transport).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (int i = 0; i < 3; i++) {
				model.call(new Prompt("question " + i));
			}
			Flux.range(0, STREAMS)
				.flatMap((i) -> model.stream(new Prompt("streamed question " + i)).last(), STREAMS)
				.collectList()
				.block(PATIENCE);
			assertThat(threads()).isNotEqualTo(this.before);
		});
		assertNoThreadIsLeft();
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void threadOfABlockedSubscriberEndsWhenItIsReleased(String transport) {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch blocked = new CountDownLatch(1);
		try {
			application(transport).run((context) -> {
				context.getBean(GrokChatModel.class).stream(new Prompt("question")).subscribe((element) -> {
					blocked.countDown();
					awaitQuietly(release);
				}, (failure) -> {
				});
				blocked.await();
			});
		}
		finally {
			release.countDown();
		}
		assertNoThreadIsLeft();
	}

	private ApplicationContextRunner application(String transport) {
		return ContextRunners.starter()
			.withBean(CacheManager.class, () -> new ConcurrentMapCacheManager("grok-responses"))
			.withPropertyValues("grok.chat.transport=" + transport, "grok.base-url=" + xai.baseUrl(),
					"grok.api-key=" + xai.apiKey(), "grok.budgets.all.limit=1000",
					"grok.budget.file=" + this.folder.resolve(UUID.randomUUID() + ".ledger"), "grok.cache.enabled=true",
					"grok.redaction.enabled=true", "grok.rate-limit.requests-per-minute=1000",
					"grok.catalog.refresh=1h");
	}

	private void assertNoThreadIsLeft() {
		Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isSubsetOf(this.before));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("grok-"))
			.collect(Collectors.toSet());
	}

}
