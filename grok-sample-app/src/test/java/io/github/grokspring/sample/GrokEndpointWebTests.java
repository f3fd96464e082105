package io.github.grokspring.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.test.XaiServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code /actuator/grok} over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "grok.api-key=", "XAI_API_KEY=", "management.endpoint.grok.access=unrestricted",
				"management.endpoint.grok.show-values=always", "grok.cache.enabled=true", "grok.fallback.models=",
				"grok.circuit-breaker.minimum-calls=3", "grok.rate-limit.requests-per-minute=600",
				"grok.rate-limit.tokens-per-minute=1000000", "grok.rate-limit.max-concurrent=8",
				"grok.clients.legacy.model=grok-3-mini", "grok.clients.researcher.tools.web-search.enabled=true",
				"grok.clients.researcher.tools.mcp[0].label=tickets",
				"grok.clients.researcher.tools.mcp[0].url=https://mcp.example.com/sse?key=secret",
				"grok.clients.researcher.tools.mcp[0].allowed-tools=find-ticket",
				"grok.clients.researcher.tools.mcp[0].headers.X-Project=grok" })
class GrokEndpointWebTests {

	private static final String REFUSAL = "{\"code\":\"Client specified an invalid argument\","
			+ "\"error\":\"Model grok-4.3 does not support parameter temperature.\"}";

	private final RestTestClient client;

	private final ChatClient chatClient;

	private final XaiServer xai;

	private final CircuitBreakers breakers;

	private final Scrubber scrubber;

	GrokEndpointWebTests(@LocalServerPort int port, @Autowired ChatClient chatClient, @Autowired XaiServer xai,
			@Autowired CircuitBreakers breakers, @Autowired Scrubber scrubber) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port + "/actuator/grok").build();
		this.chatClient = chatClient;
		this.xai = xai;
		this.breakers = breakers;
		this.scrubber = scrubber;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
		this.breakers.reset("default:grok-4.3");
	}

	@Test
	void isWhatTheDocumentationShows() throws Exception {
		beBusy();
		JsonNode shown = JsonMapper.shared().readTree(read());
		assertThat(paths(shown)).containsExactlyElementsOf(paths(documented()));
		assertThat(shown.toString()).doesNotContain("secret").doesNotContain(XaiServer.API_KEY);
	}

	@Test
	void closesACircuitBreaker() {
		beBusy();
		assertThat(state()).isEqualTo("open");
		post("/circuit-breakers/default:grok-4.3", "{\"state\":\"closed\"}").expectStatus().isNoContent();
		assertThat(state()).isEqualTo("closed");
	}

	@Test
	void correctsWhatABudgetHasUsed(@Autowired Budgets budgets) {
		String name = budgets.budgets().get(0).name();
		post("/budgets/" + name, "{\"delta\":\"-900000\"}").expectStatus().isNoContent();
		assertThat(budgets.status().get(0).used()).isZero();
		post("/budgets/" + name, "{\"delta\":0.25}").expectStatus().isNoContent();
		post("/budgets/" + name, "{\"delta\":\"-0.10\",\"scopeValue\":\"all\"}").expectStatus().isNoContent();
		assertThat(budgets.status().get(0).used()).isEqualByComparingTo("0.15");
		for (String body : new String[] { "{}", "{\"delta\":\"much\"}", "{\"delta\":\"0.00000000001\"}",
				"{\"delta\":\"1\",\"scopeValue\":\"acme\"}" }) {
			post("/budgets/" + name, body).expectStatus().isBadRequest().expectBody().jsonPath("$.error").isNotEmpty();
		}
		post("/budgets/nothing", "{\"delta\":\"1\"}").expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.error")
			.value((error) -> assertThat(error).asString().startsWith("There is no budget 'nothing'."));
	}

	@Test
	void saysWhatIsWrongWithARequest() {
		post("/circuit-breakers/default:x-ai/nothing", "{\"state\":\"closed\"}").expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.error")
			.value((error) -> assertThat(error).asString()
				.startsWith("There is no circuit breaker 'default:x-ai/nothing'."));
		for (String body : new String[] { "{\"state\":\"open\"}", "{}" }) {
			post("/circuit-breakers/default:grok-4.3", body).expectStatus()
				.isBadRequest()
				.expectBody()
				.jsonPath("$.error")
				.value((error) -> assertThat(error).asString().contains("Send {\"state\":\"closed\"}"));
		}
		post("/clients/default", "{\"state\":\"closed\"}").expectStatus().isNotFound();
		this.client.delete().uri("/clients").exchange().expectStatus().isNotFound();
	}

	@Test
	void emptiesTheCache(@Autowired ResponseCache cache) {
		this.xai.answers("Nine.");
		assertThat(ask()).isEqualTo("Nine.");
		long hits = cache.statistics().hits();
		assertThat(ask()).isEqualTo("Nine.");
		assertThat(cache.statistics().hits()).isEqualTo(hits + 1);
		this.client.delete().uri("/cache").exchange().expectStatus().isNoContent();
		this.xai.answers("Nine again.");
		assertThat(ask()).isEqualTo("Nine again.");
	}

	@Test
	void showsOneModel() {
		this.client.get()
			.uri("/models/grok-4.3")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.model.price.input")
			.isEqualTo("1.25");
		this.client.get().uri("/models/grok-99").exchange().expectStatus().isNotFound();
	}

	private RestTestClient.ResponseSpec post(String path, String body) {
		return this.client.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private String state() {
		for (JsonNode breaker : JsonMapper.shared().readTree(read()).path("circuitBreakers")) {
			if (breaker.path("name").stringValue().equals("default:grok-4.3")) {
				return breaker.path("state").stringValue();
			}
		}
		throw new AssertionError("There is no such circuit breaker");
	}

	private String read() {
		String body = this.client.get()
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotNull();
		return body;
	}

	private @Nullable String ask() {
		return this.chatClient.prompt("4 + 5?").call().content();
	}

	private void beBusy() {
		if (this.scrubber.learned().isEmpty()) {
			this.xai.answersRaw(400, "application/json", REFUSAL);
		}
		this.xai.answers("Four.").usage(2_000, 10).reasoningTokens(30).cachedTokens(1_024);
		GrokChatOptions.Builder options = GrokChatOptions.builder().temperature(0.5).cacheMode(CacheMode.BYPASS);
		assertThat(this.chatClient.prompt("2 + 2?").options(options).call().content()).isEqualTo("Four.");
		this.xai.failsWith(503).times(3);
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> this.chatClient.prompt("2 + 3?").call().content());
	}

	private static JsonNode documented() throws Exception {
		String page = Files.readString(Path.of("../docs/operations.md"));
		int begin = page.indexOf("```json\n{\n  \"clients\"");
		assertThat(begin).as("an answer in docs/operations.md").isNotNegative();
		return JsonMapper.shared().readTree(page.substring(begin + 8, page.indexOf("\n```", begin)));
	}

	/** Keys of the response. Keys of {@code learned} are models. */
	private static Set<String> paths(JsonNode node) {
		Set<String> paths = new TreeSet<>();
		collect("", node, paths);
		return paths;
	}

	private static void collect(String path, JsonNode node, Set<String> paths) {
		if (node.isObject()) {
			node.properties()
				.forEach((property) -> collect(path + "/" + (path.equals("/learned") ? "*" : property.getKey()),
						property.getValue(), paths));
		}
		else if (node.isArray()) {
			node.forEach((element) -> collect(path + "[]", element, paths));
		}
		else {
			paths.add(path + " " + node.getNodeType());
		}
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Patience {

		@Bean
		Sleeper waiting() {
			return new Sleeper() {

				@Override
				public void sleep(Duration delay) {
				}

				@Override
				public Mono<Void> delay(Duration delay) {
					return Mono.empty();
				}

			};
		}

	}

}
