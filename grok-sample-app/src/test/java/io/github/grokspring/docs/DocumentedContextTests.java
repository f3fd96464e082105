package io.github.grokspring.docs;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the code that {@code docs/context.md} shows.
 */
@Timeout(120)
class DocumentedContextTests {

	private static final String LONG = "word ".repeat(1_000);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(DocsApplication.class)
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void tokensAreCountedAndLongPromptsNotSent() {
		this.application.withBean(Contexts.Texts.class)
			.withPropertyValues("grok.models[grok-4.3].context-window=1000")
			.run((context) -> {
				Contexts.Texts texts = context.getBean(Contexts.Texts.class);
				assertThat(texts.isShort("Hello")).isTrue();
				assertThat(texts.isShort(LONG.repeat(3))).isFalse();
				context.getBean(XaiServer.class).answers("Hi");
				assertThat(texts.ask("Hello")).isEqualTo("Hi");
				assertThat(texts.ask(LONG.repeat(2))).startsWith("Too long by some ").endsWith(" tokens for grok-4.3");
			});
	}

	@Test
	void aMemoryFits() {
		this.application.withUserConfiguration(Contexts.Fitting.class).run((context) -> {
			ChatMemory memory = context.getBean(ChatMemory.class);
			IntStream.range(0, 12).forEach((i) -> memory.add("c1", turn()));
			assertThat(memory.get("c1")).hasSize(14);
		});
	}

	@Test
	void whatLeavesIsSummarized() {
		this.application.withUserConfiguration(Contexts.Summarizing.class)
			.withBean(Executor.class, () -> Runnable::run)
			.run((context) -> {
				context.getBean(XaiServer.class).answers("They said many words.");
				ChatMemory memory = context.getBean("summarizingMemory", ChatMemory.class);
				IntStream.range(0, 8).forEach((i) -> memory.add("c1", turn()));
				assertThat(memory.get("c1").get(0).getText()).endsWith("They said many words.");
				assertThat(context.getBean(XaiServer.class).lastRequest().parameter("model").stringValue())
					.isEqualTo("grok-4.20-0309-non-reasoning");
			});
	}

	private static List<Message> turn() {
		return List.of(new UserMessage(LONG), new AssistantMessage("I see."));
	}

}
