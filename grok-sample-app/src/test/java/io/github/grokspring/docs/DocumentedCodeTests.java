package io.github.grokspring.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.grokspring.autoconfigure.GrokConnectionDetails;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.docs.FirstSteps.Recipe;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Runs the code that the documentation shows.
 */
@Timeout(120)
class DocumentedCodeTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withUserConfiguration(DocsApplication.class)
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void quickstart() {
		this.application.withBean(JokeController.class).run((context) -> {
			xai(context).answers("Knock, knock.");
			assertThat(context.getBean(JokeController.class).joke("doors")).isEqualTo("Knock, knock.");
			assertThat(xai(context).lastRequest().body()).contains("a joke about doors");
		});
	}

	@Test
	void stream() {
		run((context) -> {
			xai(context).answers("One two three");
			assertThat(firstSteps(context).stream("Count").reduce("", String::concat).block(Duration.ofSeconds(30)))
				.isEqualTo("One two three");
		});
	}

	@Test
	void tool() {
		run((context) -> {
			xai(context).answersWithToolCall("orderState", "{\"number\":4711}");
			xai(context).answers("It is.");
			assertThat(firstSteps(context).withTool()).isEqualTo("It is.");
			assertThat(xai(context).lastRequest().body()).contains("Order 4711 left the warehouse");
		});
	}

	@Test
	void structuredOutput() {
		run((context) -> {
			xai(context).answers("{\"title\":\"Toast\",\"ingredients\":[\"bread\"],\"steps\":[\"toast it\"]}");
			Recipe recipe = firstSteps(context).structured("toast");
			assertThat(recipe.ingredients()).containsExactly("bread");
			xai(context).lastRequest().hasParameter("response_format.json_schema.schema");
		});
	}

	@Test
	void memory() {
		run((context) -> {
			ChatMemory memory = context.getBean(ChatMemory.class);
			firstSteps(context).remembering(memory, "17", "I am Ada.");
			firstSteps(context).remembering(memory, "17", "Who am I?");
			assertThat(xai(context).lastRequest().body()).contains("I am Ada.", "Who am I?");
			assertThat(xai(context).lastRequest().header("x-grok-conv-id")).matches("[0-9a-f]{32}");
		});
	}

	@Test
	void namedClients() {
		this.application.withBean(Clients.Desk.class)
			.withUserConfiguration(Clients.Customizing.class)
			.withPropertyValues("spring.config.location=classpath:docs/clients.yml")
			.run((context) -> {
				Clients.Desk desk = context.getBean(Clients.Desk.class);
				desk.classify("The lamp flickers.");
				assertThat(sent(context, "model")).isEqualTo("grok-4.3");
				assertThat(sent(context, "reasoning_effort")).isEqualTo("none");
				desk.assess("All is well.");
				assertThat(sent(context, "model")).isEqualTo("grok-4.7");
				assertThat(sent(context, "reasoning.effort")).isEqualTo("high");
				desk.portableOptions("All is well.");
				assertThat(sent(context, "model")).isEqualTo("grok-4.7");
				assertThat(sent(context, "reasoning.effort")).isEqualTo("high");
				assertThat(xai(context).lastRequest().body()).contains(":300");
				desk.grokOptions("All is well.");
				assertThat(sent(context, "model")).isEqualTo("grok-4.7");
				assertThat(sent(context, "reasoning.effort")).isEqualTo("low");
			});
	}

	@Test
	void failures() {
		run((context) -> {
			xai(context).refusesForSafety();
			assertThat(connection(context).failing("?")).isEqualTo("I had rather not talk about that.");
		});
	}

	@Test
	void cancellation() {
		run((context) -> {
			xai(context).answersInChunks(10).thinkingFor(Duration.ofMinutes(5)).byDefault();
			connection(context).cancelling("Count", new StringBuffer());
			await().atMost(Duration.ofSeconds(30)).until(() -> xai(context).openStreams() == 0);
		});
	}

	@Test
	void boundedStream() {
		run((context) -> {
			xai(context).answers("Enough.");
			assertThat(connection(context).bounded("Count")).isEqualTo("Enough.");
		});
	}

	@Test
	void rotatingKey() {
		AtomicReference<String> key = new AtomicReference<>("xai-first");
		new ApplicationContextRunner().withUserConfiguration(DocsApplication.class, Connection.Rotation.class)
			.withBean("vault", Supplier.class, () -> key::get)
			.run((context) -> {
				GrokConnectionDetails details = context.getBean(GrokConnectionDetails.class);
				assertThat(details.getApiKey()).isEqualTo("xai-first");
				key.set("xai-second");
				assertThat(details.getApiKey()).isEqualTo("xai-second");
			});
	}

	@Test
	void httpClientCustomizer() {
		this.application.withUserConfiguration(Connection.Customizing.class).run((context) -> {
			context.getBean(ChatClient.class).prompt("Hello").call().content();
			assertThat(xai(context).lastRequest().header("user-agent")).isEqualTo("order-desk/2.1");
		});
	}

	@Test
	void retryRule() {
		AtomicBoolean open = new AtomicBoolean(true);
		this.application.withUserConfiguration(Resilience.Patience.class)
			.withBean(Resilience.Shop.class, () -> open::get)
			.withPropertyValues("grok.retry.initial-interval=1ms")
			.run((context) -> {
				xai(context).resetsConnection().times(7);
				ChatClient client = context.getBean(ChatClient.class);
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content())
					.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(1));
				open.set(false);
				assertThat(client.prompt("Hello").call().content()).isNotEmpty();
				assertThat(xai(context).requestCount()).isEqualTo(8);
			});
	}

	@Test
	void retryTemplate() {
		this.application.withBean(Resilience.Batches.class)
			.withPropertyValues("grok.retry.initial-interval=1ms")
			.run((context) -> {
				Iterator<Supplier<String>> requests = List.<Supplier<String>>of(() -> {
					throw new UncheckedIOException(new IOException("Gone"));
				}, () -> "done").iterator();
				assertThat(context.getBean(Resilience.Batches.class).state(() -> requests.next().get()))
					.isEqualTo("done");
			});
	}

	@Test
	void circuitBreaker() {
		this.application
			.withPropertyValues("grok.circuit-breaker.minimum-calls=1", "grok.retry.enabled=false",
					"grok.fallback.models=")
			.run((context) -> {
				CircuitBreakers breakers = context.getBean(CircuitBreakers.class);
				Outages outages = new Outages(context.getBean(ChatClient.class));
				xai(context).failsWith(500);
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> outages.orLater("Hello"));
				assertThat(outages.open(breakers)).containsExactly("default:grok-4.3");
				assertThat(outages.orLater("Hello")).startsWith("Please come back at ");
				outages.letThrough(breakers);
				xai(context).answers("Welcome.");
				assertThat(outages.orLater("Hello")).isEqualTo("Welcome.");
			});
	}

	@Test
	void fallbackToAnotherProvider() {
		try (XaiServer local = XaiServer.start().alsoServes("llama3.3", "grok-4.20-0309-non-reasoning")) {
			local.answers("From this machine.").byDefault();
			this.application.withUserConfiguration(Outages.SecondProvider.class)
				.withPropertyValues("spring.config.location=classpath:docs/fallback-provider.yml",
						"grok.retry.enabled=false", "local.base-url=" + local.baseUrl(),
						"local.api-key=" + local.apiKey())
				.run((context) -> {
					assertThat(context.getBean(ChatModel.class)).isInstanceOf(GrokChatModel.class);
					xai(context).failsWith(500).byDefault();
					ChatClient client = context.getBean(ChatClient.class);
					assertThat(client.prompt("Hello").call().content()).isEqualTo("From this machine.");
					assertThat(client.prompt("Hello")
						.stream()
						.content()
						.reduce("", String::concat)
						.block(Duration.ofSeconds(30))).isEqualTo("From this machine.");
					assertThat(xai(context).requestCount()).isEqualTo(4);
					assertThat(local.lastRequest().parameter("model").stringValue()).isEqualTo("llama3.3");
				});
		}
	}

	@Test
	void fallbackRule() {
		AtomicBoolean open = new AtomicBoolean();
		this.application.withUserConfiguration(Outages.Choice.class)
			.withBean(Resilience.Shop.class, () -> open::get)
			.withPropertyValues("grok.fallback.models=grok-4.5", "grok.retry.enabled=false")
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.class);
				xai(context).failsWith(503).times(2);
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content());
				open.set(true);
				client.prompt("Hello").call().content();
				assertThat(sent(context, "model")).isEqualTo("grok-4.5");
			});
	}

	@Test
	void webSearch() {
		run((context) -> {
			Research research = new Research(context.getBean(ChatClient.class));
			xai(context).answers("Spring 7 is out.")
				.searchingTheWeb("spring news", "https://spring.io/blog")
				.citing("https://spring.io/blog")
				.times(3);
			ChatResponse news = research.news("What is new?");
			assertThat(research.plain(news)).isEqualTo("Spring 7 is out.");
			assertThat(research.withFootnotes(news)).isEqualTo("Spring 7 is out.<sup>1</sup>\nhttps://spring.io/blog");
			xai(context).lastRequest().offersTool("web_search");
			assertThat(research.searching("What is new?").collectList().block(Duration.ofSeconds(30)))
				.contains("(spring news)");
			assertThat(
					String.join("", research.withNumbers("What is new?").collectList().block(Duration.ofSeconds(30))))
				.isEqualTo("Spring 7 is out.[1]");
		});
	}

	@Test
	void conversations() {
		run((context) -> {
			Conversations conversations = new Conversations();
			ChatMemory memory = MessageWindowChatMemory.builder().build();
			ChatClient client = context.getBean(ChatClient.class);
			for (ChatClient remembering : List.of(conversations.remembering(client, memory),
					conversations.rememberingRounds(client, memory))) {
				remembering.prompt("I am Ada.")
					.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "talk"))
					.call()
					.content();
			}
			assertThat(memory.get("talk")).hasSize(4);
			conversations.keep("talk", memory.get("talk"));
			assertThat(conversations.recall("talk")).isEqualTo(memory.get("talk"));
		});
	}

	@Test
	void storedAnswers() {
		run((context) -> {
			Research research = new Research(context.getBean(ChatClient.class));
			Map<String, Object> session = new HashMap<>();
			xai(context).answers("Hello Ada.").on("/v1/responses");
			xai(context).answers("Ada.");
			research.first("I am Ada.", session);
			assertThat(research.next("Who am I?", session)).isNotEmpty();
		});
	}

	private void run(ContextConsumer<AssertableApplicationContext> consumer) {
		this.application.run(consumer);
	}

	private static XaiServer xai(AssertableApplicationContext context) {
		return context.getBean(XaiServer.class);
	}

	private static FirstSteps firstSteps(AssertableApplicationContext context) {
		return new FirstSteps(context.getBean(ChatClient.class));
	}

	private static Connection connection(AssertableApplicationContext context) {
		return new Connection(context.getBean(ChatClient.class));
	}

	private static String sent(AssertableApplicationContext context, String parameter) {
		return xai(context).lastRequest().parameter(parameter).stringValue();
	}

}
