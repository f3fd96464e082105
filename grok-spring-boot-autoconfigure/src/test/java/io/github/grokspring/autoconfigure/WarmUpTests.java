package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WarmUp} and {@link FirstCallWarmUp}.
 */
@ExtendWith(OutputCaptureExtension.class)
class WarmUpTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@BeforeEach
	void reset() {
		xai.reset();
	}

	@Test
	void sendsNothingToXaiAndDoesNotAffectMetersOrLimits(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--grok.rate-limit.requests-per-minute=10",
				"--grok.budgets.daily.limit=1", "--logging.level.io.github.grokspring.autoconfigure=debug")) {
			await().atMost(TIMEOUT).until(() -> output.getOut().contains("Completed warm-up in"));
			assertThat(xai.requestCount()).isZero();
			assertThat(context.getBean(CircuitBreakers.class).statuses()).isEmpty();
			assertThat(context.getBean(RateLimits.class).status().models()).isEmpty();
			assertThat(context.getBean(Budgets.class).status()).allMatch((budget) -> budget.usedTicks() == 0);
			assertThat(context.getBean(MeterRegistry.class).getMeters()).extracting(Meter::getId)
				.noneMatch((id) -> id.getName().startsWith("gen_ai") || id.getName().startsWith("grok.client.requests")
						|| String.valueOf(id.getTag("client")).equals("warm-up"));
		}
		assertThat(output).doesNotContain("Warm-up failed");
		await().atMost(TIMEOUT)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith(WarmUp.THREAD)));
	}

	@Test
	void loadsTlsWithoutConnecting(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--grok.base-url=https://127.0.0.1:1/v1",
				"--logging.level.io.github.grokspring.autoconfigure=debug")) {
			assertThat(context.getBeansOfType(WarmUp.class)).hasSize(1);
			await().atMost(TIMEOUT).until(() -> output.getOut().contains("Completed warm-up in"));
		}
		assertThat(output).doesNotContain("Warm-up failed");
	}

	@Test
	void loggedRequestsNameThePathOfTheWarmUp(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--logging.level.io.github.grokspring=debug")) {
			await().atMost(TIMEOUT).until(() -> output.getOut().contains("Completed warm-up in"));
			assertThat(context.isActive()).isTrue();
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("POST "))).isNotEmpty()
			.allMatch((line) -> line.contains("/warm-up/v1/chat/completions"));
		LoggingSystem.get(WarmUpTests.class.getClassLoader()).setLogLevel("io.github.grokspring", null);
	}

	@Test
	void canBeDisabled() {
		try (ConfigurableApplicationContext context = start("--grok.warm-up=false")) {
			assertThat(context.getBeansOfType(WarmUp.class)).isEmpty();
		}
	}

	@Test
	void doesNotDelayStartupOrShutdown() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		WarmUp warmUp = new WarmUp(() -> {
			started.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				throw ex;
			}
		});
		warmUp.start();
		assertThat(started.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> thread.getName().equals(WarmUp.THREAD))
			.isNotEmpty()
			.allMatch(Thread::isDaemon);
		warmUp.destroy();
		assertThat(interrupted.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void failureIsLoggedAtDebugOnly(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(WarmUpTests.class.getClassLoader());
		CountDownLatch failed = new CountDownLatch(1);
		logging.setLogLevel(WarmUp.class.getName(), LogLevel.INFO);
		new WarmUp(() -> fail(failed)).start();
		awaitEnd(failed);
		assertThat(output.getAll()).doesNotContain("no port");
		logging.setLogLevel(WarmUp.class.getName(), LogLevel.DEBUG);
		new WarmUp(() -> fail(new CountDownLatch(1))).start();
		await().atMost(TIMEOUT).until(() -> output.getAll().contains("no port"));
		logging.setLogLevel(WarmUp.class.getName(), null);
	}

	private static void awaitEnd(CountDownLatch failed) {
		await().atMost(TIMEOUT)
			.until(() -> failed.getCount() == 0 && Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals(WarmUp.THREAD)));
	}

	private static void fail(CountDownLatch failed) {
		failed.countDown();
		throw new IllegalStateException("no port");
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		String[] all = new String[arguments.length + 2];
		all[0] = "--grok.api-key=" + xai.apiKey();
		all[1] = "--grok.base-url=" + xai.baseUrl();
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		if (arguments[0].startsWith("--grok.base-url")) {
			all[1] = arguments[0];
		}
		return application.run(all);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, GrokAutoConfiguration.class,
			GrokChatClientAutoConfiguration.class })
	static class Application {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
