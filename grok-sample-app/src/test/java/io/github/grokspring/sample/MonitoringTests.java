package io.github.grokspring.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.observation.GrokMeter;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The queries in {@code monitoring/} match the scrape of the sample under load.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "grok.api-key=", "XAI_API_KEY=", "management.prometheus.metrics.export.enabled=true",
				"grok.fallback.models=grok-4.5", "grok.cache.enabled=true", "grok.rate-limit.requests-per-minute=6000",
				"grok.rate-limit.tokens-per-minute=10000000", "grok.rate-limit.max-concurrent=1",
				"grok.rate-limit.learn=false", "grok.redaction.enabled=true",
				"grok.runaway-guard.min-characters=1000" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTests {

	private static final String SUFFIX = "_(bucket|count|sum|max|total)$";

	private final MeterRegistry registry;

	private Scrape scrape;

	MonitoringTests(@Autowired MeterRegistry registry) {
		this.registry = registry;
	}

	@BeforeAll
	void beBusy(@Autowired ChatClient chatClient, @Autowired @Qualifier("fast") ChatClient fast,
			@Autowired XaiServer xai, @Autowired RateLimits limits, @LocalServerPort int port) {
		new LoadScenario(chatClient, fast, xai, limits).run();
		this.scrape = Scrape.parse(RestTestClient.bindToServer()
			.baseUrl("http://localhost:" + port)
			.build()
			.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody());
	}

	@ParameterizedTest
	@MethodSource("queries")
	void queriesAskForWhatIsThere(Monitoring.Query query) {
		assertThat(this.scrape.missing(query.parse())).as(query.text()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("queries")
	void labelsThatAreShownAreLeftByTheQuery(Monitoring.Query query) {
		PromQl parsed = query.parse();
		Set<String> left = parsed.aggregates() ? parsed.grouping() : this.scrape.labels(parsed.selectors().get(0));
		assertThat(left).containsAll(query.shown());
	}

	@Test
	void everyMeterIsWhatItPromises() {
		Set<String> promised = Stream.of(GrokMeter.values()).map(GrokMeter::id).collect(Collectors.toSet());
		Set<GrokMeter> seen = new HashSet<>();
		for (Meter meter : this.registry.getMeters()) {
			Meter.Id id = meter.getId();
			if (!id.getName().startsWith("grok.")) {
				continue;
			}
			assertThat(promised).contains(id.getName());
			GrokMeter expected = Stream.of(GrokMeter.values())
				.filter((candidate) -> candidate.id().equals(id.getName()))
				.findFirst()
				.orElseThrow();
			seen.add(expected);
			assertThat(id.getType()).as(id.getName()).isEqualTo(expected.type());
			assertThat(id.getDescription()).as(id.getName()).isEqualTo(expected.description());
			assertThat(id.getTags()).as(id.getName())
				.extracting(Tag::getKey)
				.containsExactlyInAnyOrderElementsOf(expected.tags());
			if (expected.type() != Meter.Type.TIMER) {
				assertThat(id.getBaseUnit()).as(id.getName()).isEqualTo(expected.baseUnit());
			}
		}
		Set<GrokMeter> missing = new HashSet<>(Set.of(GrokMeter.values()));
		missing.removeAll(seen);
		assertThat(missing).isEmpty();
	}

	@Test
	void everyMeterIsOnTheDashboard() {
		PrometheusNamingConvention names = new PrometheusNamingConvention();
		Set<String> asked = Monitoring.queries()
			.stream()
			.filter((query) -> query.place().startsWith("panel"))
			.flatMap((query) -> query.parse().selectors().stream())
			.map((selector) -> selector.metric().replaceFirst(SUFFIX, ""))
			.collect(Collectors.toSet());
		Set<String> notAsked = new TreeSet<>();
		for (GrokMeter meter : GrokMeter.values()) {
			String name = names.name(meter.id(), meter.type(), meter.baseUnit()).replaceFirst(SUFFIX, "");
			if (!asked.contains(name)) {
				notAsked.add(name);
			}
		}
		assertThat(notAsked).isEmpty();
	}

	@Test
	void rulesHaveWhatPrometheusAndPeopleNeed() {
		List<Map<String, Object>> rules = Monitoring.rules();
		assertThat(rules).isNotEmpty().allSatisfy((rule) -> {
			assertThat(rule.keySet()).isSubsetOf("alert", "expr", "for", "labels", "annotations")
				.contains("alert", "expr", "labels", "annotations");
			assertThat((String) rule.get("alert")).matches("Grok[A-Za-z]+");
			assertThat(rule.getOrDefault("for", "0s")).asString().matches("[0-9]+[smh]");
			assertThat(rule.get("labels")).asInstanceOf(InstanceOfAssertFactories.MAP).containsKey("severity");
			assertThat(rule.get("annotations")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("summary", "description");
		});
		assertThat(rules).extracting((rule) -> rule.get("alert")).doesNotHaveDuplicates();
	}

	@Test
	void prometheusFindsTheRulesAndTheApplication() {
		Map<String, Object> configuration = Monitoring.yaml("prometheus.yml");
		assertThat(configuration).containsOnlyKeys("scrape_configs", "rule_files");
		assertThat(configuration.get("scrape_configs")).asString().contains("metrics_path=/actuator/prometheus");
		for (Object file : (List<?>) configuration.get("rule_files")) {
			assertThat(Monitoring.FOLDER.resolve(Path.of((String) file))).isRegularFile();
		}
	}

	@Test
	void panelsAreCompleteAndDoNotOverlap() {
		List<JsonNode> panels = Monitoring.panels();
		assertThat(panels).extracting((panel) -> panel.path("id").intValue()).doesNotHaveDuplicates();
		assertThat(panels).extracting((panel) -> panel.path("title").stringValue()).doesNotHaveDuplicates();
		Set<String> taken = new HashSet<>();
		for (JsonNode panel : panels) {
			String title = panel.path("title").stringValue();
			JsonNode place = panel.path("gridPos");
			assertThat(place.path("x").intValue() + place.path("w").intValue()).as(title).isLessThanOrEqualTo(24);
			for (int x = 0; x < place.path("w").intValue(); x++) {
				for (int y = 0; y < place.path("h").intValue(); y++) {
					assertThat(taken.add((place.path("x").intValue() + x) + "," + (place.path("y").intValue() + y)))
						.as(title)
						.isTrue();
				}
			}
			if (!panel.path("type").stringValue().equals("row")) {
				assertThat(panel.path("description").stringValue()).as(title).isNotBlank();
				assertThat(panel.path("targets").valueStream()).as(title)
					.isNotEmpty()
					.extracting((target) -> target.path("refId").stringValue())
					.doesNotHaveDuplicates();
			}
		}
	}

	@Test
	void theDashboardComesWithoutADataSourceOfItsOwn() {
		List<String> sources = new ArrayList<>();
		Monitoring.panels()
			.stream()
			.filter((panel) -> !panel.path("type").stringValue().equals("row"))
			.forEach((panel) -> sources.add(panel.path("datasource").path("uid").stringValue()));
		assertThat(sources).isNotEmpty().containsOnly("${datasource}");
	}

	static List<Monitoring.Query> queries() {
		return Monitoring.queries();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NoWaiting {

		@Bean
		Sleeper noWaiting() {
			return new Sleeper() {

				@Override
				public void sleep(Duration duration) {
				}

				@Override
				public Mono<Void> delay(Duration duration) {
					return Mono.empty();
				}

			};
		}

	}

}
