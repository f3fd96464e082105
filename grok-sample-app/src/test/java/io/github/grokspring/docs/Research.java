package io.github.grokspring.docs;

import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.Citations;
import io.github.grokspring.tool.ServerTool;
import io.github.grokspring.tool.ToolUse;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * Code of {@code docs/responses.md}.
 */
class Research {

	private final ChatClient chatClient;

	Research(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	ChatResponse news(String question) {
		return this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch().withExcludedDomains("example.com")))
			.call()
			.chatResponse();
	}

	String plain(ChatResponse response) {
		return Citations.of(response).withoutMarks();
	}

	String withFootnotes(ChatResponse response) {
		Citations citations = Citations.of(response);
		StringBuilder text = new StringBuilder(citations.render((citation) -> "<sup>" + citation.title() + "</sup>"));
		citations.list().forEach((citation) -> text.append('\n').append(citation.url()));
		return text.toString();
	}

	Flux<String> searching(String question) {
		return this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch()))
			.stream()
			.chatResponse()
			.map((element) -> {
				List<ToolUse> uses = element.getMetadata().get(ToolUse.METADATA_KEY);
				return (uses != null) ? "(" + uses.get(uses.size() - 1).query() + ")"
						: element.getResult().getOutput().getText();
			});
	}

	Flux<String> withNumbers(String question) {
		Flux<String> pieces = this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().serverTools(ServerTool.webSearch()))
			.stream()
			.content();
		return Citations.render(pieces, (citation) -> "[" + citation.title() + "]");
	}

	String first(String question, Map<String, Object> session) {
		ChatResponse response = this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().store(true))
			.call()
			.chatResponse();
		session.put("response", response.getMetadata().getId());
		return response.getResult().getOutput().getText();
	}

	String next(String question, Map<String, Object> session) {
		return this.chatClient.prompt()
			.user(question)
			.options(GrokChatOptions.builder().store(true).previousResponseId((String) session.get("response")))
			.call()
			.content();
	}

}
