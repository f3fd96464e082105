package io.github.grokspring.sample;

import java.util.Arrays;

import io.github.grokspring.autoconfigure.GrokConnectionDetails;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	private static final String KEY = "xai-not-a-key-of-anybody";

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void withoutAKeyItRunsOfflineAndSaysSoInOneLine(String key, CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--grok.api-key=", "--XAI_API_KEY=" + key)) {
			assertThat(context.getBean(GrokConnectionDetails.class).getBaseUrl())
				.isEqualTo(context.getBean(XaiServer.class).baseUrl());
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("XAI_API_KEY"))).singleElement()
			.asString()
			.contains("There is no xAI API key", "mock of xAI");
	}

	@ParameterizedTest
	@CsvSource({ "'', " + KEY, KEY + ", ''" })
	void withAKeyItTalksToXai(String property, String variable, CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--grok.api-key=" + property, "--XAI_API_KEY=" + variable,
				"--grok.catalog.refresh=never")) {
			assertThat(context.getBeanNamesForType(XaiServer.class)).isEmpty();
			GrokConnectionDetails connection = context.getBean(GrokConnectionDetails.class);
			assertThat(connection.getBaseUrl()).isEqualTo("https://api.x.ai/v1");
			assertThat(connection.getApiKey()).isEqualTo(KEY);
		}
		assertThat(output).doesNotContain("mock of xAI").doesNotContain(KEY);
	}

	@Test
	void aProfileGoesBeforeTheKey() {
		try (ConfigurableApplicationContext context = start("--XAI_API_KEY=" + KEY,
				"--spring.profiles.active=offline")) {
			assertThat(context.getBean(GrokConnectionDetails.class).getBaseUrl())
				.isEqualTo(context.getBean(XaiServer.class).baseUrl());
		}
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start("--grok.api-key=", "--XAI_API_KEY=", "--spring.profiles.active=xai"))
			.havingRootCause()
			.withMessageContaining("XAI_API_KEY");
	}

	@Test
	void otherProfilesDoNotKeepItFromChoosing() {
		try (ConfigurableApplicationContext context = start("--grok.api-key=", "--XAI_API_KEY=",
				"--spring.profiles.active=blue")) {
			assertThat(context.getEnvironment().getActiveProfiles()).containsExactlyInAnyOrder("blue", "offline");
		}
	}

	@ParameterizedTest
	@CsvSource({ "offline, 200, true", "xai, 404, false" })
	void canBeBrokenOfflineOnly(String profile, int status, boolean drawer) {
		try (ConfigurableApplicationContext context = start("--grok.api-key=" + KEY, "--grok.catalog.refresh=never",
				"--spring.profiles.active=" + profile)) {
			RestTestClient client = client(context);
			client.get().uri("/api/fault").exchange().expectStatus().isEqualTo(status);
			client.get().uri("/").exchange().expectStatus().isOk().expectBody(String.class).value((page) -> {
				assertThat(page.contains("Simulate faults")).isEqualTo(drawer);
				assertThat(page).contains("default", "analyst").doesNotContain("th:", KEY);
			});
		}
	}

	@Test
	void showsHealthInfoAndMetricsAndNothingElse() {
		try (ConfigurableApplicationContext context = start("--grok.api-key=", "--XAI_API_KEY=")) {
			RestTestClient client = client(context);
			for (String endpoint : new String[] { "grok", "health", "info", "metrics" }) {
				client.get().uri("/actuator/" + endpoint).exchange().expectStatus().isOk();
			}
			for (String endpoint : new String[] { "env", "beans", "configprops", "heapdump" }) {
				client.get().uri("/actuator/" + endpoint).exchange().expectStatus().isNotFound();
			}
		}
	}

	private static RestTestClient client(ConfigurableApplicationContext context) {
		return RestTestClient.bindToServer()
			.baseUrl("http://localhost:" + context.getEnvironment().getProperty("local.server.port"))
			.build();
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		String[] all = Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = "--server.port=0";
		return SpringApplication.run(GrokSampleApplication.class, all);
	}

}
