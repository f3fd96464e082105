package io.github.grokspring.context;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.grokspring.token.PromptTokenEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tokenizer.JTokkitTokenCountEstimator;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenWindowChatMemory}. A message of 24 characters has 10 tokens.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TokenWindowChatMemoryTests {

	private static final String ID = "c1";

	private final ChatMemoryRepository repository = new InMemoryChatMemoryRepository();

	private final List<Prompt> asked = new ArrayList<>();

	@Test
	void retainsFittingMessages() {
		ChatMemory memory = TokenWindowChatMemory.builder(40).repository(this.repository).build();
		memory.add(ID, turn(1));
		memory.add(ID, turn(2));
		assertThat(texts(memory)).containsExactly(question(1), answer(1), question(2), answer(2));
		memory.clear(ID);
		assertThat(memory.get(ID)).isEmpty();
	}

	@Test
	void removesOldestTurns() {
		ChatMemory memory = TokenWindowChatMemory.builder(45).repository(this.repository).build();
		memory.add(ID, new SystemMessage("rules"));
		IntStream.rangeClosed(1, 5).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(texts(memory)).containsExactly("rules", question(5), answer(5));
		assertThat(this.repository.findByConversationId(ID)).hasSize(3);
	}

	@Test
	void toolCallsAreRemovedWithTheirResponses() {
		ChatMemory memory = TokenWindowChatMemory.builder(40).build();
		memory.add(ID, Conversation.with("rules").user(question(1)).tool("a").answer(answer(1)).messages());
		memory.add(ID, turn(2));
		assertThat(texts(memory)).containsExactly("rules", question(2), answer(2));
	}

	@Test
	void lastTurnIsNeverRemoved() {
		ChatMemory memory = TokenWindowChatMemory.builder(5).build();
		memory.add(ID, turn(1));
		memory.add(ID, turn(2));
		assertThat(texts(memory)).containsExactly(question(2), answer(2));
	}

	@Test
	void systemMessageReplacesPreviousOne() {
		ChatMemory memory = TokenWindowChatMemory.builder(100).build();
		memory.add(ID, List.of(new SystemMessage("old rules"), new UserMessage(question(1))));
		memory.add(ID, List.of(new SystemMessage("new rules"), new UserMessage(question(2))));
		assertThat(texts(memory)).containsExactly(question(1), "new rules", question(2));
	}

	@Test
	void conversationsAreSeparate() {
		ChatMemory memory = TokenWindowChatMemory.builder(100).build();
		memory.add(ID, turn(1));
		memory.add("c2", turn(2));
		assertThat(texts(memory)).containsExactly(question(1), answer(1));
	}

	@Test
	void usesConfiguredTokenizer() {
		ChatMemory memory = TokenWindowChatMemory.builder(100).tokenizer(new JTokkitTokenCountEstimator()).build();
		IntStream.rangeClosed(1, 9).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(texts(memory)).isNotEmpty().hasSizeLessThan(18).endsWith(question(9), answer(9));
	}

	@Test
	void removedTurnsAreSummarized() {
		ChatMemory memory = summarizing(() -> "They spoke of numbers.", 200);
		IntStream.rangeClosed(1, 11).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(texts(memory)).hasSize(15).endsWith(question(11), answer(11));
		assertThat(texts(memory).get(0)).startsWith("Summary of the earlier conversation")
			.endsWith("They spoke of numbers.");
		assertThat(this.asked).singleElement().satisfies((prompt) -> {
			assertThat(prompt.getContents()).contains(question(1), answer(4)).doesNotContain(question(5));
			assertThat(prompt.getInstructions().get(0).getText()).contains("not instructions");
		});
	}

	@Test
	void summaryIsPartOfNextSummary() {
		AtomicInteger count = new AtomicInteger();
		ChatMemory memory = summarizing(() -> "Summary " + count.incrementAndGet(), 200);
		IntStream.rangeClosed(1, 40).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(count.get()).isGreaterThan(2);
		assertThat(this.asked.get(1).getContents()).contains("Summary 1");
		assertThat(texts(memory)).filteredOn((text) -> text.startsWith("Summary"))
			.containsExactly(texts(memory).get(0))
			.allMatch((text) -> text.endsWith("Summary " + count.get()));
		memory.add(ID, new SystemMessage("rules"));
		assertThat(texts(memory)).filteredOn((text) -> text.startsWith("Summary")).hasSize(1);
	}

	@Test
	void failingSummarizerLosesNothing(CapturedOutput output) {
		boolean[] broken = { true };
		ChatMemory memory = summarizing(() -> {
			if (broken[0]) {
				throw new IllegalStateException("secret");
			}
			return "All of it.";
		}, 200);
		IntStream.rangeClosed(1, 12).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(this.repository.findByConversationId(ID)).hasSize(24);
		assertThat(texts(memory)).hasSize(20).startsWith(question(3)).endsWith(answer(12));
		assertThat(output).contains("retained until the next attempt").doesNotContain("secret");
		broken[0] = false;
		memory.add(ID, turn(13));
		assertThat(texts(memory).get(0)).endsWith("All of it.");
		assertThat(this.asked.get(this.asked.size() - 1).getContents()).contains(question(1));
	}

	@Test
	void emptySummaryIsIgnored() {
		ChatMemory memory = summarizing(() -> " ", 200);
		IntStream.rangeClosed(1, 12).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(this.repository.findByConversationId(ID)).hasSize(24);
	}

	@Test
	void longSummaryIsTruncated() {
		ChatMemory memory = summarizing(() -> "x".repeat(100_000), 200);
		IntStream.rangeClosed(1, 11).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(texts(memory).get(0)).hasSizeLessThan(500);
		assertThat(texts(memory)).endsWith(question(11), answer(11));
	}

	@Test
	void longSummaryInOtherScriptsIsTruncated() {
		ChatMemory memory = summarizing(() -> "\uD83D\uDE00".repeat(10_000), 200);
		IntStream.rangeClosed(1, 99).forEach((i) -> memory.add(ID, turn(i)));
		Message summary = memory.get(ID).get(0);
		assertThat(PromptTokenEstimator.approximate().estimate(new Prompt(summary))).isBetween(40L, 100L);
		assertThat(summary.getText()).endsWith("\uD83D\uDE00");
		assertThat(memory.get(ID)).hasSizeGreaterThan(5);
	}

	@Test
	void systemMessageOfApplicationStaysFirst() {
		ChatMemory memory = summarizing(() -> "They spoke of numbers.", 200);
		IntStream.rangeClosed(1, 11).forEach((i) -> memory.add(ID, turn(i)));
		List<Prompt> prompts = new ArrayList<>();
		ChatClient client = ChatClient.builder((ChatModel) (prompt) -> {
			prompts.add(prompt);
			return new ChatResponse(List.of(new Generation(new AssistantMessage("Yes."))));
		})
			.defaultSystem("rules")
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build(),
					MessageChatMemoryAdvisor.builder(memory).build())
			.build();
		client.prompt("And now?")
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, ID))
			.call()
			.content();
		List<String> sent = Conversation.texts(prompts.get(0).getInstructions());
		assertThat(sent.get(0)).isEqualTo("rules");
		assertThat(sent.get(1)).endsWith("They spoke of numbers.");
		assertThat(sent).endsWith(answer(11), "And now?").doesNotHaveDuplicates();
	}

	@Test
	void onlyFirstMessageCanBeSummary() {
		ChatMemory memory = summarizing(() -> "They spoke of numbers.", 200);
		IntStream.rangeClosed(1, 11).forEach((i) -> memory.add(ID, turn(i)));
		String echo = texts(memory).get(0);
		memory.add(ID, List.of(new UserMessage("What do you know?"), new AssistantMessage(echo)));
		assertThat(texts(memory)).startsWith(echo).endsWith("What do you know?", echo);
	}

	@Test
	void backlogIsBounded() {
		ChatMemory memory = summarizing(() -> " ", 200);
		IntStream.rangeClosed(1, 99).forEach((i) -> memory.add(ID, turn(i)));
		assertThat(this.repository.findByConversationId(ID)).hasSize(80);
	}

	@Test
	void concurrentAddNeitherBlocksNorIsLost() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			ChatMemory memory = TokenWindowChatMemory.builder(200).repository(this.repository).summarizer(model(() -> {
				begun.countDown();
				await(go);
				return "They spoke of numbers.";
			})).executor(executor).build();
			IntStream.rangeClosed(1, 11).forEach((i) -> memory.add(ID, turn(i)));
			assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
			memory.add(ID, turn(12));
			go.countDown();
			executor.shutdown();
			assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			assertThat(texts(memory)).hasSize(17).contains(question(5)).endsWith(question(12), answer(12));
			assertThat(this.asked).hasSize(1);
		}
		finally {
			go.countDown();
			executor.shutdownNow();
		}
	}

	@Test
	void clearedConversationStaysCleared() {
		ChatMemory[] memory = new ChatMemory[1];
		memory[0] = summarizing(() -> {
			memory[0].clear(ID);
			return "They spoke of numbers.";
		}, 200);
		IntStream.rangeClosed(1, 11).forEach((i) -> memory[0].add(ID, turn(i)));
		assertThat(memory[0].get(ID)).isEmpty();
	}

	@Test
	void concurrentAddsAreNotLost() throws Exception {
		ChatMemory memory = TokenWindowChatMemory.builder(1_000_000).repository(this.repository).build();
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			IntStream.range(0, 200).forEach((i) -> executor.execute(() -> memory.add(ID, turn(i))));
			executor.shutdown();
			assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(memory.get(ID)).hasSize(400);
	}

	@Test
	void maxTokensMustBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenWindowChatMemory.builder(0));
	}

	@Test
	void messagesAreRetainedWhenExecutorOrSummarizerThrows() {
		for (Throwable thrown : List.of(new IOException("checked"), new NoClassDefFoundError("linkage"))) {
			this.repository.deleteByConversationId(ID);
			AtomicInteger faults = new AtomicInteger(2);
			ChatMemory memory = TokenWindowChatMemory.builder(200).repository(this.repository).summarizer(model(() -> {
				if (faults.getAndDecrement() > 0) {
					throw sneaky(thrown);
				}
				return "They spoke of numbers.";
			})).executor((task) -> {
				if (faults.getAndDecrement() > 1) {
					throw sneaky(thrown);
				}
				task.run();
			}).build();
			IntStream.rangeClosed(1, 14).forEach((i) -> memory.add(ID, turn(i)));
			assertThat(texts(memory).get(0)).endsWith("They spoke of numbers.");
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private TokenWindowChatMemory summarizing(Supplier<String> summary, int maxTokens) {
		return TokenWindowChatMemory.builder(maxTokens).repository(this.repository).summarizer(model(summary)).build();
	}

	private ChatModel model(Supplier<String> summary) {
		return (prompt) -> {
			this.asked.add(prompt);
			return new ChatResponse(List.of(new Generation(new AssistantMessage(summary.get()))));
		};
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> texts(ChatMemory memory) {
		return Conversation.texts(memory.get(ID));
	}

	private static List<Message> turn(int number) {
		return List.of(new UserMessage(question(number)), new AssistantMessage(answer(number)));
	}

	private static String question(int number) {
		return "This is question no. %03d".formatted(number);
	}

	private static String answer(int number) {
		return "This is my answer to %03d".formatted(number);
	}

}
