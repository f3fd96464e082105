package io.github.grokspring.autoconfigure

import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference

import io.github.grokspring.budget.Budgets
import io.github.grokspring.chain.ChatModelDecorator
import io.github.grokspring.chain.GrokChatModel
import io.github.grokspring.chain.Position
import io.github.grokspring.error.GrokException
import io.github.grokspring.event.GrokEvent
import io.github.grokspring.event.GrokEventListener
import io.github.grokspring.ratelimit.RateLimits
import io.github.grokspring.test.XaiServerExtension
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import org.springframework.ai.chat.client.ChatClient
import org.springframework.ai.chat.model.ChatModel
import org.springframework.ai.chat.model.ChatResponse
import org.springframework.ai.chat.prompt.Prompt
import org.springframework.ai.tool.annotation.Tool
import org.springframework.ai.tool.execution.ToolExecutionException
import org.springframework.boot.test.context.assertj.AssertableApplicationContext
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import reactor.core.publisher.Flux

/**
 * Checked exceptions of an application in Kotlin, which declares none.
 */
class KotlinCheckedExceptionsTests {

	private val thrown = AtomicReference<Exception?>()

	private val application: ApplicationContextRunner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=${xai.baseUrl()}", "grok.api-key=${xai.apiKey()}",
				"grok.rate-limit.max-concurrent=1", "grok.rate-limit.max-wait=8s", "grok.budgets.all.limit=1000",
				"grok.cache.enabled=true")

	@ParameterizedTest
	@MethodSource("cases")
	fun `chat model that throws before it is called`(case: Case) {
		modelThatThrows(case, FaultyStage(before = ::throwIfArmed))
	}

	@ParameterizedTest
	@MethodSource("cases")
	fun `chat model that throws after a response`(case: Case) {
		modelThatThrows(case, FaultyStage(after = ::throwIfArmed))
	}

	private fun modelThatThrows(case: Case, stage: FaultyStage) {
		this.application.withPropertyValues(case.invocation.property())
			.withBean(ChatModelDecorator::class.java, { stage })
			.run { context ->
				this.thrown.set(case.thrown)
				assertThat(failure { case.invocation.ask(model(context), Prompt("Hello")) })
					.isExactlyInstanceOf(GrokException::class.java)
					.hasCause(case.thrown)
				this.thrown.set(null)
				assertEqualRequestIsAnswered(context, case.invocation)
			}
	}

	@ParameterizedTest
	@MethodSource("cases")
	fun `chat model of another provider that throws`(case: Case) {
		this.application.withPropertyValues(case.invocation.property(), "grok.fallback.chat-models=other",
					"grok.retry.enabled=false")
			.withBean("other", ChatModel::class.java, { OtherProvider(case.thrown) })
			.run { context ->
				xai.failsWith(503)
				val failure = failure { case.invocation.ask(model(context), Prompt("Hello")) }
				assertThat(failure).isInstanceOf(GrokException::class.java).hasCause(case.thrown)
				assertEqualRequestIsAnswered(context, case.invocation)
			}
	}

	@ParameterizedTest
	@MethodSource("cases")
	fun `listener that throws`(case: Case) {
		this.application.withPropertyValues(case.invocation.property())
			.withBean(GrokEventListener::class.java, { FaultyListener(case.thrown) })
			.run { context -> assertEqualRequestIsAnswered(context, case.invocation) }
	}

	@ParameterizedTest
	@MethodSource("cases")
	fun `tool that throws`(case: Case) {
		this.application.withPropertyValues(case.invocation.property()).run { context ->
			val chatClient = context.getBean(ChatClient::class.java)
			xai.answersWithToolCall("temperature", """{"city":"Berlin"}""")
			assertThat(failure { ask(chatClient, case.invocation, FaultyTools(case.thrown)) })
				.isInstanceOf(ToolExecutionException::class.java)
				.hasCause(case.thrown)
			assertNothingIsHeld(context)
			xai.answersWithToolCall("temperature", """{"city":"Berlin"}""")
			xai.answers("Mild")
			assertThat(ask(chatClient, case.invocation, WorkingTools())).isEqualTo("Mild")
			assertNothingIsHeld(context)
		}
	}

	private fun assertEqualRequestIsAnswered(context: AssertableApplicationContext, invocation: TransportInvocation) {
		// Not in the common pool, which the OpenAI SDK needs for its streams
		val response = CompletableFuture.supplyAsync({ invocation.ask(model(context), Prompt("Hello")) },
				{ task -> Thread(task).apply { isDaemon = true }.start() })
		assertThat(response).succeedsWithin(PATIENCE)
		assertNothingIsHeld(context)
	}

	private fun assertNothingIsHeld(context: AssertableApplicationContext) {
		Awaitility.await().atMost(PATIENCE).untilAsserted {
			assertThat(context.getBean(RateLimits::class.java).status().active()).isZero()
			assertThat(context.getBean(Budgets::class.java).status()).allMatch { it.reservedTicks() == 0L }
		}
	}

	private fun throwIfArmed() {
		this.thrown.get()?.let { throw it }
	}

	private class FaultyStage(private val before: () -> Unit = {}, private val after: () -> Unit = {}) :
		ChatModelDecorator {

		override fun position() = Position.SCRUBBING

		override fun decorate(client: String, delegate: ChatModel) = object : ChatModel {

			override fun call(prompt: Prompt): ChatResponse {
				before()
				return delegate.call(prompt).also { after() }
			}

			override fun stream(prompt: Prompt): Flux<ChatResponse> {
				before()
				return delegate.stream(prompt).doOnNext { after() }
			}

		}

	}

	private class OtherProvider(private val thrown: Exception) : ChatModel {

		override fun call(prompt: Prompt): ChatResponse = throw this.thrown

		override fun stream(prompt: Prompt): Flux<ChatResponse> = throw this.thrown

	}

	private class FaultyListener(private val thrown: Exception) : GrokEventListener {

		override fun onEvent(event: GrokEvent): Unit = throw this.thrown

	}

	internal class FaultyTools(private val thrown: Exception) {

		@Tool(description = "Tells the temperature in a city")
		fun temperature(city: String): String = throw this.thrown

	}

	internal class WorkingTools {

		@Tool(description = "Tells the temperature in a city")
		fun temperature(city: String) = "20 °C in $city"

	}

	internal class CityUnknownException(city: String) : Exception("There is no $city")

	class Case internal constructor(internal val invocation: TransportInvocation, internal val thrown: Exception) {

		override fun toString() = "$invocation, ${this.thrown.javaClass.simpleName}"

	}

	companion object {

		private val PATIENCE = Duration.ofSeconds(20)

		@JvmField
		@RegisterExtension
		val xai: XaiServerExtension = XaiServerExtension.start()

		@JvmStatic
		fun cases(): List<Case> {
			val full = IOException("The disk is full")
			val unknown = CityUnknownException("Atlantis")
			return TransportInvocation.all().zip(listOf(full, unknown, unknown, full), ::Case)
		}

		private fun model(context: AssertableApplicationContext) = context.getBean(GrokChatModel::class.java)

		private fun ask(chatClient: ChatClient, invocation: TransportInvocation, tools: Any): String? {
			val request = chatClient.prompt("How warm is it in Berlin?").tools(tools)
			return if (invocation.stream()) {
				request.stream().content().collectList().block(PATIENCE)?.joinToString("")
			}
			else {
				request.call().content()
			}
		}

		private fun failure(action: () -> Any?): Throwable? = runCatching(action).exceptionOrNull()

	}

}
