package io.github.grokspring.docs;

import java.util.List;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

/**
 * Code of {@code docs/getting-started.md}.
 */
class FirstSteps {

	private final ChatClient chatClient;

	FirstSteps(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	Flux<String> stream(String question) {
		return this.chatClient.prompt().user(question).stream().content();
	}

	String withTool() {
		return this.chatClient.prompt().user("Is order 4711 on its way?").tools(new OrderTools()).call().content();
	}

	Recipe structured(String dish) {
		return this.chatClient.prompt()
			.user("Write a recipe for " + dish)
			.call()
			.entity(Recipe.class, (output) -> output.useProviderStructuredOutput());
	}

	String remembering(ChatMemory chatMemory, String conversation, String question) {
		return this.chatClient.prompt()
			.user(question)
			.advisors(MessageChatMemoryAdvisor.builder(chatMemory).build())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversation))
			.call()
			.content();
	}

	record Recipe(String title, List<String> ingredients, List<String> steps) {

	}

	static class OrderTools {

		@Tool(description = "State of an order")
		String orderState(@ToolParam(description = "Number of the order") int number) {
			return "Order " + number + " left the warehouse this morning";
		}

	}

}
