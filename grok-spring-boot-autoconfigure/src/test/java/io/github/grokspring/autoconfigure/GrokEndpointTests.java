package io.github.grokspring.autoconfigure;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.grokspring.actuate.GrokDescriptor;
import io.github.grokspring.actuate.GrokEndpoint;
import io.github.grokspring.actuate.GrokEndpointWebExtension;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServerExtension;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link GrokEndpointAutoConfiguration} and what it shows.
 */
class GrokEndpointTests {

	private static final String MASKED = "******";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner closed = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, GrokEndpointAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.closed
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl(),
				"grok.retry.enabled=false", "management.endpoints.web.exposure.include=grok")
		.withConfiguration(AutoConfigurations.of(JacksonEndpointAutoConfiguration.class));

	@BeforeEach
	void forgetEarlierTests() {
		xai.reset();
	}

	@Test
	void isThereWhenItIsExposed() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(GrokEndpoint.class)
			.hasSingleBean(GrokEndpointWebExtension.class)
			.hasBean("grokEndpoint"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=health", "management.endpoint.grok.access=NONE",
			"grok.enabled=false" })
	void isAbsentWhenItIsNotWanted(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GrokEndpoint.class)
				.doesNotHaveBean(GrokEndpointWebExtension.class));
	}

	@Test
	void needsNoActuator() {
		ContextRunners.starterWithKey()
			.withConfiguration(AutoConfigurations.of(GrokEndpointAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(Endpoint.class.getPackageName(),
					ConditionalOnAvailableEndpoint.class.getPackageName()))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("grokEndpoint"));
	}

	@Test
	void givesWayToAnotherOne() {
		this.runner.withBean("mine", GrokEndpoint.class, () -> new GrokEndpoint(null, null, List.of(), null))
			.run((context) -> assertThat(context).hasSingleBean(GrokEndpoint.class).hasBean("mine"));
	}

	@Test
	void showsTheClients() {
		this.runner
			.withPropertyValues("grok.chat.system=Be brief.", "grok.clients.deep.model=grok-4.7",
					"grok.clients.deep.api=responses", "grok.clients.deep.tools.web-search.enabled=true",
					"grok.clients.deep.tools.mcp[0].label=tickets",
					"grok.clients.deep.tools.mcp[0].url=https://mcp.example.com/s/secret-path?key=secret-query",
					"grok.clients.deep.tools.mcp[0].headers.X-Key=secret-header",
					"grok.clients.deep.tools.mcp[0].allowed-tools=find")
			.run((context) -> {
				GrokDescriptor shown = context.getBean(GrokEndpoint.class).grok();
				assertThat(shown.clients()).extracting(GrokDescriptor.Client::name).containsExactly("default", "deep");
				GrokDescriptor.Client client = shown.clients().get(0);
				assertThat(client.model()).isEqualTo("grok-4.3");
				assertThat(client.api()).isEqualTo("auto");
				assertThat(client.transport()).isEqualTo("native");
				assertThat(client.host()).isEqualTo("127.0.0.1");
				assertThat(client.systemPrompt()).isEqualTo(MASKED);
				assertThat(client.stages()).startsWith("context", "retry").endsWith("chat-completions");
				GrokDescriptor.Client deep = shown.clients().get(1);
				assertThat(deep.serverTools()).containsExactlyInAnyOrder("web_search", "mcp");
				assertThat(deep.mcp())
					.containsExactly(new GrokDescriptor.McpServer("tickets", MASKED, MASKED, List.of("find")));
				assertThat(shown.toString()).doesNotContain("secret").doesNotContain("brief");
			});
	}

	@Test
	void showsHostsAndNamesOnlyWhereValuesAreShown() {
		this.runner
			.withPropertyValues("management.endpoint.grok.show-values=always", "grok.chat.system=Be brief.",
					"grok.chat.tools.mcp[0].label=tickets",
					"grok.chat.tools.mcp[0].url=https://me:secret@mcp.example.com/s/secret-path?key=secret-query",
					"grok.chat.tools.mcp[0].headers.X-Key=secret-header",
					"grok.chat.tools.mcp[0].authorization=secret-token")
			.run((context) -> {
				GrokDescriptor shown = context.getBean(GrokEndpoint.class).grok();
				GrokDescriptor.Client client = shown.clients().get(0);
				assertThat(client.systemPrompt()).isEqualTo(true);
				assertThat(client.mcp()).containsExactly(
						new GrokDescriptor.McpServer("tickets", "mcp.example.com", Set.of("X-Key"), List.of()));
				assertThat(shown.toString()).doesNotContain("secret").doesNotContain("brief");
			});
	}

	@Test
	void showsWhatModelsCost() {
		this.runner.withPropertyValues("grok.clients.old.model=grok-3-mini", "grok.clients.odd.model=grok-99")
			.run((context) -> {
				GrokEndpoint endpoint = context.getBean(GrokEndpoint.class);
				GrokDescriptor.Catalog catalog = endpoint.grok().catalog();
				assertThat(catalog.checked()).isNotNull();
				assertThat(catalog.models()).filteredOn((model) -> model.id().equals("grok-4.3"))
					.singleElement()
					.satisfies((model) -> {
						assertThat(model.contextWindow()).isEqualTo(1_000_000);
						assertThat(model.price().input()).isEqualTo("1.25");
						assertThat(model.price().output()).isEqualTo("2.50");
					});
				assertThat(catalog.models()).filteredOn((model) -> model.id().equals("grok-3-mini"))
					.singleElement()
					.satisfies((model) -> assertThat(model.retirement().replacement()).isEqualTo("grok-4.3"));
				assertThat(catalog.models()).filteredOn((model) -> !model.known()).singleElement();
				assertThat(endpoint.model("models", "grok-4.3-latest").model().id()).startsWith("grok-4");
				assertThat(endpoint.model("models", "grok-99")).isNull();
				assertThat(endpoint.model("cache", "grok-4.3")).isNull();
			});
	}

	@Test
	void showsWhatHappened() {
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=1.00", "grok.budgets.guest.limit=1.00",
					"grok.budgets.guest.scope=tenant", "grok.rate-limit.requests-per-minute=60",
					"grok.rate-limit.max-concurrent=3")
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.class);
				xai.answers("Four.").usage(1_000, 100).reasoningTokens(50).cachedTokens(600);
				client.prompt("2 + 2?")
					.toolContext(Map.of(TenantResolver.CONTEXT_KEY, "ann@example.com"))
					.call()
					.content();
				xai.failsWith(503);
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> client.prompt("?").call().content());
				xai.failsWith(503);
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> client.prompt("?").stream().content().blockLast());

				GrokDescriptor shown = context.getBean(GrokEndpoint.class).grok();
				assertThat(shown.spend().zone()).isEqualTo("UTC");
				assertThat(shown.spend().clients()).singleElement().satisfies((spend) -> {
					assertThat(spend.client()).isEqualTo("default");
					assertThat(spend.model()).isEqualTo("grok-4.3");
					assertThat(spend.total().attempts()).isEqualTo(1);
					assertThat(spend.total().usd()).isEqualTo("0.000995");
					assertThat(spend.total().tokens()).isEqualTo(new GrokDescriptor.Tokens(400, 600, 100, 50));
				});
				assertThat(shown.spend().total().usd()).isEqualTo("0.000995");
				assertThat(shown.budgets()).extracting(GrokDescriptor.Budget::name, GrokDescriptor.Budget::scopeValue)
					.contains(tuple("daily", "all"), tuple("guest", MASKED));
				assertThat(shown.limits().configured().requestsPerMinute()).isEqualTo(60);
				assertThat(shown.limits().configured().maxConcurrent()).isEqualTo(3);
				assertThat(shown.limits().models()).singleElement()
					.satisfies((model) -> assertThat(model.remainingRequests()).isNotNull());
				assertThat(shown.circuitBreakers()).singleElement()
					.satisfies((breaker) -> assertThat(breaker.state()).isEqualTo("closed"));
				assertThat(shown.cache()).isNull();
				assertThat(shown.errors()).singleElement().satisfies((failure) -> {
					assertThat(failure.kind()).isEqualTo("overloaded");
					assertThat(failure.count()).isEqualTo(2);
				});
			});
	}

	@Test
	void whatIsSwitchedOffIsAbsent() {
		this.runner
			.withPropertyValues("grok.circuit-breaker.enabled=false", "grok.scrub.enabled=false",
					"grok.cost.enabled=false")
			.withClassLoader(new FilteredClassLoader("io.github.bucket4j", "io.github.resilience4j"))
			.run((context) -> {
				GrokDescriptor shown = context.getBean(GrokEndpoint.class).grok();
				assertThat(shown.limits()).isNull();
				assertThat(shown.circuitBreakers()).isEmpty();
				assertThat(shown.budgets()).isEmpty();
				assertThat(shown.learned()).isEmpty();
				assertThat(shown.spend().total().usd()).isEqualTo("0.00");
			});
	}

	@Test
	void budgetsThatCannotBeReadKeepNothingElseFromBeingShown() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=1")
			.withBean(BudgetStore.class, UnavailableStore::new)
			.run((context) -> {
				GrokDescriptor shown = context.getBean(GrokEndpoint.class).grok();
				assertThat(shown.budgets()).isNull();
				assertThat(shown.clients()).isNotEmpty();
			});
	}

	@Test
	void whatIsAbsentIsMissingInJson() {
		this.runner.withClassLoader(new FilteredClassLoader("io.github.bucket4j"))
			.run((context) -> assertThat(
					JsonMapper.shared().writeValueAsString(context.getBean(GrokEndpoint.class).grok()))
				.contains("\"clients\"")
				.doesNotContain("null")
				.doesNotContain("\"cache\":"));
	}

	@Test
	void showsWhatWasLearned() {
		this.runner.run((context) -> {
			xai.answersRaw(400, "application/json",
					"{\"code\":\"Client specified an invalid argument\",\"error\":\"Model grok-4.3 does not support parameter temperature.\"}");
			xai.answers("Four.");
			context.getBean(ChatClient.class)
				.prompt("2 + 2?")
				.options(GrokChatOptions.builder().temperature(0.5))
				.call()
				.content();
			assertThat(context.getBean(GrokEndpoint.class).grok().learned()).containsEntry("grok-4.3",
					Set.of("temperature"));
		});
	}

	@Test
	void showsAndEmptiesTheCache() {
		this.runner.withPropertyValues("grok.cache.enabled=true").run((context) -> {
			xai.answers("Four.");
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("2 + 2?").call().content();
			client.prompt("2 + 2?").call().content();
			GrokEndpoint endpoint = context.getBean(GrokEndpoint.class);
			GrokDescriptor.Cache shown = Objects.requireNonNull(endpoint.grok().cache());
			assertThat(shown.hits()).isEqualTo(1);
			assertThat(shown.misses()).isEqualTo(1);
			assertThat(shown.shared()).isZero();
			assertThat(new BigDecimal(shown.savedUsd())).isPositive();
			endpoint.clear("cache");
			xai.answers("Still four.");
			assertThat(client.prompt("2 + 2?").call().content()).isEqualTo("Still four.");
		});
	}

	@Test
	void isReadAndClosedOverJmx() {
		this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=grok",
					"management.endpoint.grok.access=UNRESTRICTED", "spring.jmx.unique-names=true")
			.run((context) -> {
				MBeanServer server = ManagementFactory.getPlatformMBeanServer();
				ObjectName name = server
					.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Grok,*"), null)
					.iterator()
					.next();
				context.getBean(CircuitBreakers.class).acquire("default", "x-ai/grok-4.3").onSuccess();
				Object shown = server.invoke(name, "grok", new Object[0], new String[0]);
				assertThat(shown).asInstanceOf(InstanceOfAssertFactories.MAP)
					.containsKeys("clients", "catalog", "spend", "budgets");
				MBeanOperationInfo change = Arrays.stream(server.getMBeanInfo(name).getOperations())
					.filter((operation) -> operation.getName().equals("change"))
					.findFirst()
					.orElseThrow();
				String[] signature = Arrays.stream(change.getSignature())
					.map((parameter) -> parameter.getType())
					.toArray(String[]::new);
				server.invoke(name, "change", new Object[] { "circuit-breakers", "default:x-ai/grok-4.3", "closed" },
						signature);
				assertThatExceptionOfType(Exception.class)
					.isThrownBy(() -> server.invoke(name, "change",
							new Object[] { "circuit-breakers", "default:nothing", "closed" }, signature))
					.withStackTraceContaining("There is no circuit breaker 'default:nothing'");
			});
	}

	@Test
	void isReadOnlyOverJmxByDefault() {
		this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=grok",
					"spring.jmx.unique-names=true")
			.run((context) -> {
				MBeanServer server = ManagementFactory.getPlatformMBeanServer();
				ObjectName name = server
					.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Grok,*"), null)
					.iterator()
					.next();
				assertThat(server.getMBeanInfo(name).getOperations()).extracting(MBeanOperationInfo::getName)
					.containsExactlyInAnyOrder("grok", "model");
			});
	}

}
