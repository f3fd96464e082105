package io.github.grokspring.docs;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What {@code docs/operations.md} shows of health and info is what an application says.
 */
@Timeout(120)
class DocumentedOperationsTests {

	private static final String INSTANT = "20\\d\\d-\\d\\d-\\d\\dT[\\d:.]+Z";

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(DocsApplication.class)
		.withBean(XaiServer.class, XaiServer::start)
		.withPropertyValues("grok.retry.enabled=false");

	@Test
	void up() {
		this.application.run((context) -> assertDocumented(context, "UP", "latency"));
	}

	@Test
	void wrongKey() {
		try (XaiServer xai = XaiServer.start()) {
			new ApplicationContextRunner().withUserConfiguration(DocsApplication.class)
				.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=xai-not-a-key-of-anybody")
				.run((context) -> assertDocumented(context, "DOWN", "invalid_api_key"));
		}
	}

	@Test
	void missingModel() {
		this.application.withPropertyValues("grok.chat.model=grok-4.77")
			.run((context) -> assertDocumented(context, "DOWN", "model_not_found"));
	}

	@Test
	void problems() {
		this.application.withPropertyValues("grok.budgets.daily.limit=1.00", "grok.circuit-breaker.minimum-calls=2")
			.run((context) -> {
				XaiServer xai = context.getBean(XaiServer.class);
				ChatClient client = context.getBean(ChatClient.class);
				xai.failsWith(500);
				xai.answers("Four").usage(100_000, 600_000);
				assertThatException().isThrownBy(() -> client.prompt("Hello").call().content());
				assertThat(client.prompt("Hello").call().content()).isEqualTo("Four");
				assertDocumented(context, "OUT_OF_SERVICE", "problems");
			});
	}

	@Test
	void info() {
		this.application.run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean("grokInfoContributor", InfoContributor.class).contribute(builder);
			JsonNode actual = JsonMapper.shared().valueToTree(builder.build().getDetails());
			JsonNode shown = blocks().filter((json) -> json.path("grok").has("catalogDate")).findFirst().orElseThrow();
			assertThat(shown.at("/grok/model")).isEqualTo(actual.at("/grok/model"));
			assertThat(LocalDate.parse(actual.at("/grok/catalogDate").stringValue())).isNotNull();
			assertThat(List.of("version", "model", "catalogDate"))
				.containsExactlyElementsOf(shown.at("/grok").propertyNames())
				.containsAll(actual.at("/grok").propertyNames());
		});
	}

	private static void assertDocumented(ApplicationContext context, String status, String telling) {
		HealthIndicator indicator = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
			.getContributor("grok");
		assertThat(indicator).isNotNull();
		Health health = indicator.health();
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("status", health.getStatus().getCode());
		answer.put("details", health.getDetails());
		JsonNode shown = blocks().filter((json) -> status.equals(json.path("status").asString("")))
			.filter((json) -> json.toString().contains(telling))
			.findFirst()
			.orElseThrow();
		assertThat(steady(JsonMapper.shared().valueToTree(answer))).isEqualTo(steady(shown));
	}

	private static Stream<JsonNode> blocks() {
		return Documentation.blocks("json")
			.stream()
			.filter((block) -> block.place().startsWith("operations.md:"))
			.map((block) -> JsonMapper.shared().readTree(block.text()));
	}

	// Without what is different every time
	private static String steady(JsonNode json) {
		return json.toString()
			.replaceAll(INSTANT, "<instant>")
			.replaceAll("\"\\d+ ms\"", "\"<latency>\"")
			.replace("\"api.x.ai\"", "\"127.0.0.1\"");
	}

}
