package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.connection.GrokHttpClientCustomizer;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a configured application says to xAI.
 */
class ClientsOnTheWireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@Test
	void theDefaultClientAsksTheDefaultModel() {
		this.runner.run((context) -> {
			xai.answers("Hello");
			assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isEqualTo("Hello");
			RecordedRequest request = xai.lastRequest();
			assertThat(request.parameter("model").asString()).isEqualTo("grok-4.3");
			request.hasNoParameter("temperature").hasNoParameter("stop").hasNoParameter("reasoning_effort");
		});
	}

	@Test
	void aServerBeanReplacesUrlAndKey() {
		ContextRunners.starter().withBean(XaiServer.class, XaiServer::start).run((context) -> {
			assertThat(context).hasSingleBean(GrokConnectionDetails.class);
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(context.getBean(XaiServer.class).requestCount()).isEqualTo(1);
		});
	}

	@Test
	void connectionDetailsOfTheUserGoBeforeAServerBean() {
		ContextRunners.starter()
			.withBean(XaiServer.class, XaiServer::start)
			.withUserConfiguration(RotatingKey.class)
			.run((context) -> assertThat(context.getBean(GrokConnectionDetails.class))
				.isInstanceOf(RotatingConnectionDetails.class));
	}

	@Test
	void theKeyIsAskedForEveryRequest() {
		ContextRunners.starter().withUserConfiguration(RotatingKey.class).run((context) -> {
			RotatingConnectionDetails details = context.getBean(RotatingConnectionDetails.class);
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt("hi").call().content();
			assertThat(xai.lastRequest().header("authorization")).isEqualTo("Bearer " + xai.apiKey());
			details.key.set("xai-rotated");
			assertThatExceptionOfType(GrokException.class).isThrownBy(() -> client.prompt("hi").call().content());
			details.key.set(xai.apiKey());
			assertThat(client.prompt("hi").call().content()).isNotEmpty();
		});
	}

	@Test
	void aQuotedKeyWorks() {
		this.runner.withPropertyValues("grok.api-key=\" " + xai.apiKey() + "\"\n")
			.run((context) -> assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isNotEmpty());
	}

	@Test
	void defaultsOfANamedClientSurviveOptionsOfARequest() {
		this.runner
			.withPropertyValues("grok.chat.temperature=0.5", "grok.chat.seed=7", "grok.chat.system=Be short",
					"grok.clients.fast.model=grok-4.5", "grok.clients.fast.max-tokens=100",
					"grok.clients.fast.reasoning-effort=low", "grok.clients.fast.top-p=0.9",
					"grok.clients.fast.service-tier=priority")
			.run((context) -> {
				ChatClient fast = context.getBean("fastChatClient", ChatClient.class);
				List<Runnable> requests = List.of(() -> fast.prompt("hi").call().content(),
						() -> fast.prompt("hi").options(ChatOptions.builder().topP(0.8)).call().content(),
						() -> fast.prompt("hi").options(OpenAiChatOptions.builder().topP(0.8)).call().content(),
						() -> fast.prompt("hi").options(GrokChatOptions.builder().topP(0.8)).call().content(),
						() -> fast.prompt(new Prompt("hi", ChatOptions.builder().topP(0.8).build())).call().content(),
						() -> fast.prompt("hi")
							.options(GrokChatOptions.builder().topP(0.8))
							.stream()
							.content()
							.blockLast(Duration.ofSeconds(10)));
				requests.forEach(Runnable::run);
				assertThat(xai.requests()).hasSize(requests.size()).allSatisfy((request) -> {
					assertThat(request.parameter("model").asString()).isEqualTo("grok-4.5");
					assertThat(request.parameter("temperature").asDouble()).isEqualTo(0.5);
					assertThat(request.parameter("seed").asInt()).isEqualTo(7);
					assertThat(request.parameter("reasoning_effort").asString()).isEqualTo("low");
					assertThat(request.parameter("service_tier").asString()).isEqualTo("priority");
					assertThat(request.countOfKey("max_tokens") + request.countOfKey("max_completion_tokens"))
						.isEqualTo(1);
				});
				assertThat(xai.requests().get(0).parameter("top_p").asDouble()).isEqualTo(0.9);
				assertThat(xai.requests().subList(1, requests.size()))
					.allSatisfy((request) -> assertThat(request.parameter("top_p").asDouble()).isEqualTo(0.8));
			});
	}

	@Test
	void listsOfANamedClientReplaceAndSystemIsInherited() {
		this.runner
			.withPropertyValues("grok.chat.model=grok-4.20-0309-non-reasoning", "grok.chat.stop=one,two",
					"grok.chat.system=Answer in {braces}", "grok.clients.other.stop=three", "grok.clients.none.stop=",
					"grok.clients.own.system=Own words")
			.run((context) -> {
				context.getBean("otherChatClient", ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().parameter("stop").toString()).contains("three").doesNotContain("one");
				assertThat(xai.lastRequest().parameter("messages").path(0).path("content").toString())
					.contains("Answer in {braces}");
				context.getBean("noneChatClient", ChatClient.class).prompt("hi").call().content();
				xai.lastRequest().hasNoParameter("stop");
				context.getBean("ownChatClient", ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().parameter("messages").path(0).path("content").toString())
					.contains("Own words");
			});
	}

	@Test
	void theBuilderOfSpringAiWorksOverOurModel() {
		this.runner.withPropertyValues("grok.chat.temperature=0.5").run((context) -> {
			context.getBean(ChatClient.Builder.class).build().prompt("hi").call().content();
			assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.3");
			assertThat(xai.lastRequest().parameter("temperature").asDouble()).isEqualTo(0.5);
		});
	}

	@Test
	void toolsAreCalledEndToEnd() {
		this.runner
			.withPropertyValues("grok.clients.fast.model=grok-4.5", "grok.clients.fast.parallel-tool-calls=false")
			.run((context) -> {
				Weather weather = new Weather();
				xai.answersWithToolCall("temperature", "{\"city\":\"Graz\"}");
				xai.answers("It is 21 degrees");
				ChatClient client = context.getBean("fastChatClient", ChatClient.class);
				String content = client.prompt("How warm is it in Graz?").tools(weather).call().content();
				assertThat(content).isEqualTo("It is 21 degrees");
				assertThat(weather.asked).containsExactly("Graz");
				assertThat(xai.requests()).hasSize(2)
					.allSatisfy((request) -> assertThat(request.parameter("model").asString()).isEqualTo("grok-4.5"))
					.allSatisfy((request) -> assertThat(request.parameter("parallel_tool_calls").asBoolean(true))
						.isFalse());
				assertThat(xai.lastRequest().parameter("input").toString()).contains("21.0");
			});
	}

	@Test
	void toolsAreCalledWithinStreams() {
		this.runner.run((context) -> {
			Weather weather = new Weather();
			xai.answersWithToolCall("temperature", "{\"city\":\"Graz\"}");
			xai.answers("It is 21 degrees").inChunks("It is ", "21 degrees");
			StepVerifier
				.create(context.getBean(ChatClient.class)
					.prompt("How warm is it in Graz?")
					.tools(weather)
					.stream()
					.content()
					.reduce("", String::concat))
				.expectNext("It is 21 degrees")
				.expectComplete()
				.verify(Duration.ofSeconds(10));
			assertThat(weather.asked).containsExactly("Graz");
		});
	}

	@Test
	void whenToolCallingIsSwitchedOffInSpringAiNoToolIsCalled() {
		this.runner.withPropertyValues("spring.ai.chat.client.tool-calling.enabled=false").run((context) -> {
			Weather weather = new Weather();
			xai.answersWithToolCall("temperature", "{\"city\":\"Graz\"}");
			context.getBean(ChatClient.class).prompt("hi").tools(weather).call().chatResponse();
			assertThat(weather.asked).isEmpty();
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@Test
	void theIdOfAConversationIsSentWithEveryRoundOfIt() {
		this.runner.run((context) -> {
			ChatMemory memory = context.getBean(ChatMemory.class);
			ChatClient client = context.getBean(ChatClient.class)
				.mutate()
				.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
				.build();
			xai.answersWithToolCall("temperature", "{\"city\":\"Graz\"}");
			xai.answers("It is 21 degrees");
			client.prompt("How warm is it?")
				.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "talk-1"))
				.tools(new Weather())
				.call()
				.content();
			client.prompt("And tomorrow?")
				.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "talk-1"))
				.stream()
				.content()
				.blockLast(Duration.ofSeconds(10));
			String code = xai.lastRequest().header("x-grok-conv-id");
			assertThat(code).matches("[0-9a-f]{32}");
			assertThat(xai.requests()).hasSize(3)
				.allSatisfy((request) -> assertThat(request.headers("x-grok-conv-id")).containsExactly(code));
			assertThat(xai.lastRequest().parameter("messages").toString()).contains("How warm is it?");
			assertThat(memory.get("talk-1")).isNotEmpty();
		});
	}

	@Test
	void anIdInTheOptionsGoesBeforeThatOfTheMemory() {
		this.runner.run((context) -> {
			context.getBean(ChatClient.class)
				.prompt("hi")
				.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "talk-1"))
				.options(GrokChatOptions.builder().conversationId("other"))
				.call()
				.content();
			String own = xai.lastRequest().header("x-grok-conv-id");
			context.getBean(ChatClient.class)
				.prompt("hi")
				.options(GrokChatOptions.builder().conversationId("other"))
				.call()
				.content();
			assertThat(xai.lastRequest().header("x-grok-conv-id")).isEqualTo(own);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void instancesOfOneApplicationSendTheSameCodeForAConversationAndNeverItsId(String transport) {
		ApplicationContextRunner instance = this.runner.withPropertyValues("grok.chat.transport=" + transport);
		ApplicationContextRunner secret = instance
			.withPropertyValues("grok.prompt-guard.secret=0123456789abcdef0123456789abcdef");
		List<String> codes = new ArrayList<>();
		for (ApplicationContextRunner each : List.of(instance, instance, secret, secret)) {
			each.run((context) -> {
				context.getBean(ChatClient.class)
					.prompt("hi")
					.options(GrokChatOptions.builder().conversationId("jane.doe@example.com"))
					.call()
					.content();
				codes.add(xai.lastRequest().header("x-grok-conv-id"));
				assertThat(xai.lastRequest().json().toString()).doesNotContain("jane.doe");
			});
		}
		assertThat(codes).hasSize(4).allMatch((code) -> code.matches("[0-9a-f]{32}"));
		assertThat(codes.get(0)).isEqualTo(codes.get(1)).isNotEqualTo(codes.get(2));
		assertThat(codes.get(2)).isEqualTo(codes.get(3));
	}

	@Test
	void withoutPromptCacheNoIdIsSent() {
		this.runner.withPropertyValues("grok.chat.prompt-cache=false").run((context) -> {
			context.getBean(ChatClient.class)
				.prompt("hi")
				.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "talk-1"))
				.call()
				.content();
			assertThat(xai.lastRequest().headers("x-grok-conv-id")).isEmpty();
		});
	}

	@Test
	void decoratorsStandInTheChainOfEveryClient() {
		this.runner.withPropertyValues("grok.clients.fast.model=grok-4.5")
			.withUserConfiguration(Decorators.class)
			.run((context) -> {
				assertThat(context.getBean(GrokChatModel.class).stages()).containsSubsequence("budget", "first",
						"second", "chat-completions");
				context.getBean("fastChatClient", ChatClient.class).prompt("hi").call().content();
				context.getBean(ChatClient.class).prompt("hi").call().content();
				assertThat(context.getBean(Decorators.class).calls).containsExactly("first fast", "second fast",
						"first default", "second default");
			});
	}

	@Test
	void headersAndHttpCustomizersApplyInOrder() {
		this.runner.withPropertyValues("grok.http.headers.X-Team=blue")
			.withUserConfiguration(HttpCustomizers.class)
			.run((context) -> {
				context.getBean(ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().header("x-team")).isEqualTo("blue");
				assertThat(context.getBean(HttpCustomizers.class).calls).containsExactly("first", "second");
			});
	}

	@Test
	void closingTheContextEndsCallsInFlightAndLeavesNoThreadBehind() throws Exception {
		CompletableFuture<String> call = new CompletableFuture<>();
		ExecutorService caller = Executors.newSingleThreadExecutor();
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.runner.withPropertyValues("grok.clients.fast.model=grok-4.5").run((context) -> {
			xai.answers("too late").silentFor(Duration.ofMinutes(5));
			ChatClient client = context.getBean(ChatClient.class);
			caller.execute(() -> {
				try {
					call.complete(client.prompt("hi").call().content());
				}
				catch (RuntimeException ex) {
					call.completeExceptionally(ex);
				}
			});
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> xai.requestCount() == 1);
		});
		assertThatFails(call);
		xai.awaitClientDisconnect(Duration.ofSeconds(5));
		caller.shutdown();
		assertThat(caller.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		// Netty announces the end of its loops on a global thread, which goes when idle.
		Awaitility.await()
			.pollInSameThread()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !before.contains(thread) && !thread.isDaemon())
				.isEmpty());
	}

	@Test
	void cancellingAStreamOfAClientClosesItsSocket() {
		this.runner.run((context) -> {
			xai.answersInChunks(10).stallsAfter(3, Duration.ofMinutes(5));
			CountDownLatch begun = new CountDownLatch(1);
			Disposable stream = context.getBean(ChatClient.class)
				.prompt("hi")
				.stream()
				.content()
				.subscribe((text) -> begun.countDown());
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			long start = System.nanoTime();
			stream.dispose();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			xai.awaitClientDisconnect(Duration.ofSeconds(5));
			assertThat(xai.openStreams()).isZero();
		});
	}

	private static void assertThatFails(CompletableFuture<String> call) throws InterruptedException, TimeoutException {
		try {
			call.get(10, TimeUnit.SECONDS);
			throw new AssertionError("the call was answered");
		}
		catch (ExecutionException ex) {
			assertThat(ex.getCause()).isInstanceOf(GrokException.class);
		}
	}

	static class Weather {

		final List<String> asked = new ArrayList<>();

		@Tool(description = "Temperature in degrees")
		double temperature(String city) {
			this.asked.add(city);
			return 21.0;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RotatingKey {

		@Bean
		RotatingConnectionDetails rotating() {
			return new RotatingConnectionDetails();
		}

	}

	static class RotatingConnectionDetails implements GrokConnectionDetails {

		final AtomicReference<String> key = new AtomicReference<>(xai.apiKey());

		@Override
		public String getBaseUrl() {
			return xai.baseUrl();
		}

		@Override
		public String getApiKey() {
			return this.key.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Decorators {

		final List<String> calls = new ArrayList<>();

		@Bean
		@Order(2)
		ChatModelDecorator second() {
			return new Noting(Position.METERING, "second", this.calls);
		}

		@Bean
		@Order(1)
		ChatModelDecorator first() {
			return new Noting(Position.METERING, "first", this.calls);
		}

		@Bean
		ChatModelDecorator outer() {
			return new Noting(Position.BUDGET, "budget", new ArrayList<>());
		}

	}

	record Noting(Position position, String name, List<String> calls) implements ChatModelDecorator {

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					Noting.this.calls.add(Noting.this.name + " " + client);
					return super.call(prompt);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HttpCustomizers {

		final List<String> calls = new ArrayList<>();

		@Bean
		@Order(2)
		GrokHttpClientCustomizer secondCustomizer() {
			return (client) -> {
				this.calls.add("second");
				return client;
			};
		}

		@Bean
		@Order(1)
		GrokHttpClientCustomizer firstCustomizer() {
			return (client) -> {
				this.calls.add("first");
				return client;
			};
		}

	}

}
