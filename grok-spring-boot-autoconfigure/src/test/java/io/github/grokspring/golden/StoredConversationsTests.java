package io.github.grokspring.golden;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Conversations that an earlier version stored in a database go on in this one.
 * {@code -Dgolden.write=true} regenerates the expected messages and the expected request,
 * and the stored rows where they are missing.
 */
class StoredConversationsTests {

	private static final String BUILT = "every kind of message / \u00e4 'quoted'";

	private static final String RECEIVED = "reasoning, tools and a search";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = Applications.starter()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.chat.encrypted-reasoning=true", "grok.chat.tools.web-search.enabled=true",
				"grok.memory.store=jdbc");

	@Test
	void messagesAreReadAsTheyWereStored() throws Exception {
		String rows = rows();
		database().run((context) -> {
			load(context, rows);
			ChatMemoryRepository repository = context.getBean(ChatMemoryRepository.class);
			assertThat(repository.findConversationIds()).containsExactlyInAnyOrder(BUILT, RECEIVED);
			StringBuilder messages = new StringBuilder();
			for (String id : List.of(BUILT, RECEIVED)) {
				messages.append("# ").append(id).append('\n');
				repository.findByConversationId(id).forEach((message) -> messages.append(Rendered.message(message)));
			}
			Golden.verify("conversation-messages.txt", messages.toString());
		});
	}

	@Test
	void messagesThatWereBuiltInMemoryEqualThoseThatWereStored() throws Exception {
		String rows = rows();
		database().run((context) -> {
			load(context, rows);
			assertThat(rendered(context.getBean(ChatMemoryRepository.class).findByConversationId(BUILT)))
				.isEqualTo(rendered(messages()));
		});
	}

	@Test
	void conversationGoesOnWithTheStoredReasoning() throws Exception {
		String rows = rows();
		database().run((context) -> {
			load(context, rows);
			xai.reset();
			xai.answers("Yes.");
			assertThat(ask(context, "Lunch?")).isEqualTo("Yes.");
			Golden.verify("conversation-request.json", xai.lastRequest().body() + "\n");
		});
	}

	private ApplicationContextRunner database() {
		return this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
	}

	private static void load(ApplicationContext context, String rows) {
		JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
		jdbc.execute("DROP TABLE grok_chat_memory");
		jdbc.execute(rows);
	}

	private String rows() throws Exception {
		Path stored = Golden.stored("conversations.sql", this::write);
		return Golden.read(stored);
	}

	private String write() {
		StringBuilder script = new StringBuilder();
		database().run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			context.getBean(ChatMemoryRepository.class).saveAll(BUILT, messages());
			xai.answersWithToolCall("now", "{}").reasoning("The clock knows.");
			xai.answers("Noon.")
				.reasoning("So it is noon.")
				.searchingTheWeb("noon", "https://time.example.com/noon")
				.citing("https://time.example.com/noon");
			ask(context, "What time is it?");
			jdbc.queryForList("SCRIPT NODATA NOPASSWORDS NOSETTINGS TABLE grok_chat_memory", String.class)
				.stream()
				.filter((line) -> !line.startsWith("--") && line.contains("GROK_CHAT_MEMORY"))
				.forEach((line) -> script.append(line).append('\n'));
			jdbc.query("SELECT * FROM grok_chat_memory ORDER BY conversation_id, message_number",
					(row, number) -> "INSERT INTO grok_chat_memory (conversation_id, message_number, message) VALUES ("
							+ literal(row.getString("conversation_id")) + ", " + row.getInt("message_number") + ", "
							+ literal(row.getString("message")) + ");\n")
				.forEach(script::append);
		});
		return script.toString();
	}

	private static String literal(String text) {
		return "'" + text.replace("'", "''") + "'";
	}

	private static String ask(ApplicationContext context, String question) {
		return Objects.requireNonNull(context.getBean(ChatClient.class)
			.mutate()
			.defaultAdvisors(ToolCallingAdvisor.builder().disableInternalConversationHistory().build(),
					MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class))
						.order(ToolCallingAdvisor.DEFAULT_ORDER + 1)
						.build())
			.defaultTools(new Clock())
			.build()
			.prompt(question)
			.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, RECEIVED))
			.call()
			.content());
	}

	private static String rendered(List<Message> messages) {
		return messages.stream().map(Rendered::message).collect(Collectors.joining());
	}

	private static List<Message> messages() {
		return List.of(new SystemMessage("Be brief"),
				UserMessage.builder()
					.text("\u00e4 \u4e16 \ud83d\ude00 \u0000 \"\\ ; -- \u2028\r\n it's")
					.metadata(Map.of("user", "u-1"))
					.build(),
				UserMessage.builder()
					.text("Look")
					.media(Media.builder()
						.mimeType(MimeTypeUtils.IMAGE_PNG)
						.data(new byte[] { 0, -1, 2 })
						.name("a.png")
						.build(),
							Media.builder()
								.mimeType(MimeTypeUtils.IMAGE_JPEG)
								.data(URI.create("https://example.com/a.jpg"))
								.name("b.jpg")
								.build(),
							Media.builder()
								.mimeType(Media.Format.DOC_PDF)
								.data(new byte[] { 1 })
								.id("file_1")
								.name("c.pdf")
								.build())
					.build(),
				AssistantMessage.builder()
					.content("Let me see")
					.toolCalls(List.of(
							new AssistantMessage.ToolCall("call-1", "function", "weather", "{\"city\":\"Oslo\"}"),
							new AssistantMessage.ToolCall("", "function", "now", "")))
					.properties(Map.of("grok.reasoning-items", List.of("""
							{ "type":"reasoning","id":"rs_1", "summary":[ ],"encrypted_content":"a\\/b", \
							"later": [1.50e1,"\\u00e4"] }""", "message", "function_call", "function_call"),
							"grok.reasoning-models", List.of("grok-4.3"), "citations",
							List.of(Map.of("url", "https://example.com", "start", 0, "end", 3)), "number", 7, "wide",
							1L << 40, "fraction", 0.1, "yes", true))
					.build(),
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "weather", "\"rain\""),
							new ToolResponseMessage.ToolResponse("", "now", "")))
					.metadata(Map.of("round", 1))
					.build(),
				new AssistantMessage("Rain, at noon."), new AssistantMessage(""), new AssistantMessage(null));
	}

	static class Clock {

		@Tool(description = "Tells the time")
		String now() {
			return "12:00";
		}

	}

}
