package io.github.grokspring.cache;

import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheKey}.
 */
class CacheKeyTests {

	private static final CacheScope SCOPE = new CacheScope("https://api.x.ai/v1", "", false, true, (prompt) -> null);

	/** A change for every option. */
	private static final Map<String, Consumer<GrokChatOptions.Builder>> CHANGES = changes();

	@Test
	void everyOptionIsPartOfTheKeyOrIgnored() {
		Set<String> options = Stream.of(GrokChatOptions.class.getMethods())
			.filter((method) -> method.getParameterCount() == 0 && method.getName().startsWith("get")
					&& method.getDeclaringClass() != Object.class)
			.map(Method::getName)
			.map((name) -> Character.toLowerCase(name.charAt(3)) + name.substring(4))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> known = new TreeSet<>(CacheKey.OPTIONS.keySet());
		known.addAll(CacheKey.IGNORED_OPTIONS);
		assertThat(known).isEqualTo(options);
		assertThat(CacheKey.OPTIONS.keySet()).doesNotContainAnyElementsOf(CacheKey.IGNORED_OPTIONS);
		assertThat(CHANGES.keySet()).isEqualTo(options);
	}

	static Stream<String> shapingOptions() {
		return CacheKey.OPTIONS.keySet().stream();
	}

	static Stream<String> ignoredOptions() {
		return CacheKey.IGNORED_OPTIONS.stream().filter((name) -> !name.equals("user"));
	}

	@ParameterizedTest
	@MethodSource("shapingOptions")
	void optionChangesKey(String option) {
		assertThat(key(changed(option))).isNotEqualTo(key(options()));
	}

	@ParameterizedTest
	@MethodSource("ignoredOptions")
	void ignoredOptionDoesNotChangeKey(String option) {
		assertThat(changed(option)).isNotEqualTo(options());
		assertThat(key(changed(option))).isEqualTo(key(options()));
	}

	@Test
	void randomRequestsHaveEqualKeysIfAndOnlyIfTheyAreEqual() {
		Random random = new Random(20260401);
		Map<List<Object>, String> keys = new HashMap<>();
		Map<String, List<Object>> requests = new HashMap<>();
		for (int i = 0; i < 20_000; i++) {
			long seed = random.nextInt(8_000);
			RandomRequest request = new RandomRequest(seed);
			String key = request.key();
			assertThat(key).isEqualTo(new RandomRequest(seed).key()).hasSize(64);
			assertThat(keys.computeIfAbsent(request.content, (any) -> key)).isEqualTo(key);
			assertThat(requests.computeIfAbsent(key, (any) -> request.content)).isEqualTo(request.content);
		}
		assertThat(keys).hasSizeGreaterThan(3_000).hasSameSizeAs(requests);
	}

	@Test
	void boundariesOfTextsChangeKey() {
		assertThat(keyOf(new UserMessage("ab"), new UserMessage("c")))
			.isNotEqualTo(keyOf(new UserMessage("a"), new UserMessage("bc")))
			.isNotEqualTo(keyOf(new UserMessage("abc")))
			.isNotEqualTo(keyOf(new SystemMessage("ab"), new UserMessage("c")))
			.isNotEqualTo(keyOf(new UserMessage("c"), new UserMessage("ab")));
	}

	@Test
	void malformedTextHasNoKey() {
		assertThat(keyOf(new UserMessage("a?"))).isNotNull();
		assertThat(keyOf(new UserMessage("a\ud83d\ude00"))).isNotNull();
		assertThat(keyOf(new UserMessage("a\ud83d"))).isNull();
		assertThat(keyOf(new UserMessage("\ude00a"))).isNull();
	}

	@Test
	void onlyIdentityOfToolCallIdsMatters() {
		assertThat(keyOf(calls("1", "2"), answers("1", "2"))).isEqualTo(keyOf(calls("x", "y"), answers("x", "y")))
			.isNotEqualTo(keyOf(calls("1", "2"), answers("2", "1")));
	}

	@Test
	void onlySentMetadataChangesKey() {
		assertThat(keyOf(withMetadata(Map.of("time", 5)))).isEqualTo(keyOf(withMetadata(Map.of())));
		assertThat(keyOf(withMetadata(Map.of("grok.reasoning-items", List.of("{}")))))
			.isNotEqualTo(keyOf(withMetadata(Map.of("grok.reasoning-items", List.of("{\"a\":1}")))))
			.isNotEqualTo(keyOf(withMetadata(Map.of())));
	}

	@Test
	void generatedMediaNamesDoNotChangeKey() {
		assertThat(keyOf(looksAt(media(1, 2)))).isEqualTo(keyOf(looksAt(media(1, 2))))
			.isNotEqualTo(keyOf(looksAt(media(1, 3))))
			.isNotEqualTo(keyOf(looksAt(media(1, 2), media(1, 2))))
			.isNotEqualTo(keyOf(looksAt(new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://a.b/c.png")))));
		assertThat(keyOf(looksAt(file("a.txt")))).isNotEqualTo(keyOf(looksAt(file("b.txt"))));
		assertThat(keyOf(looksAt(file(null)))).isEqualTo(keyOf(looksAt(file(null))));
	}

	@Test
	void orderOfMapKeysDoesNotChangeKey() {
		Map<String, Object> forth = new LinkedHashMap<>();
		forth.put("a", 1);
		forth.put("b", Map.of("c", List.of(1, 2)));
		Map<String, Object> back = new LinkedHashMap<>();
		back.put("b", Map.of("c", List.of(1, 2)));
		back.put("a", 1);
		assertThat(key(GrokChatOptions.builder().extraBody(forth).build()))
			.isEqualTo(key(GrokChatOptions.builder().extraBody(back).build()));
	}

	@Test
	void headerNamesAreCaseInsensitiveAndConversationHeaderIsIgnored() {
		assertThat(key(GrokChatOptions.builder().headers(Map.of("X-A", "1")).build()))
			.isEqualTo(key(GrokChatOptions.builder().headers(Map.of("x-a", "1", "X-Grok-Conv-Id", "7")).build()))
			.isNotEqualTo(key(GrokChatOptions.builder().headers(Map.of("x-a", "2")).build()));
	}

	@Test
	void requestWithUnknownValuesHasNoKey() {
		assertThat(key(GrokChatOptions.builder().extraBody(Map.of("a", new Object())).build())).isNull();
	}

	@Test
	void tenantsAndUsersHaveSeparateKeysUnlessShared() {
		GrokChatOptions user = GrokChatOptions.builder().user("u").build();
		assertThat(key(user)).isNotEqualTo(key(GrokChatOptions.builder().build()));
		Prompt prompt = new Prompt("hi", user);
		assertThat(CacheKey.of("default", prompt, user, SCOPE, "a"))
			.isNotEqualTo(CacheKey.of("default", prompt, user, SCOPE, "b"))
			.isNotEqualTo(CacheKey.of("default", prompt, user, SCOPE, null));
		CacheScope all = new CacheScope("https://api.x.ai/v1", "", false, false, (any) -> null);
		GrokChatOptions other = GrokChatOptions.builder().user("v").build();
		assertThat(CacheKey.of("default", prompt, user, all, "a"))
			.isEqualTo(CacheKey.of("default", new Prompt("hi", other), other, all, "b"));
	}

	@Test
	void clientEndpointNamespaceAndRedactionChangeKey() {
		GrokChatOptions options = options();
		Prompt prompt = new Prompt("hi", options);
		assertThat(Stream
			.of(SCOPE, new CacheScope("https://us.api.x.ai/v1", "", false, true, (any) -> null),
					new CacheScope("https://api.x.ai/v1", "n", false, true, (any) -> null),
					new CacheScope("https://api.x.ai/v1", "", true, true, (any) -> null))
			.flatMap((scope) -> Stream.of(CacheKey.of("default", prompt, options, scope, null),
					CacheKey.of("fast", prompt, options, scope, null))))
			.doesNotHaveDuplicates()
			.hasSize(8);
	}

	private static @Nullable String key(GrokChatOptions options) {
		return CacheKey.of("default", new Prompt("hi", options), options, SCOPE, null);
	}

	private static @Nullable String keyOf(Message... messages) {
		GrokChatOptions options = options();
		return CacheKey.of("default", new Prompt(List.of(messages), options), options, SCOPE, null);
	}

	private static GrokChatOptions options() {
		return GrokChatOptions.builder().model("grok-4.3").build();
	}

	private static GrokChatOptions changed(String option) {
		GrokChatOptions.Builder builder = options().mutate();
		CHANGES.get(option).accept(builder);
		return builder.build();
	}

	private static Message withMetadata(Map<String, Object> metadata) {
		return AssistantMessage.builder().content("said").properties(metadata).build();
	}

	private static Message calls(String... ids) {
		return AssistantMessage.builder()
			.content("")
			.toolCalls(Stream.of(ids).map((id) -> new ToolCall(id, "function", "time", "{}")).toList())
			.build();
	}

	private static Message answers(String... ids) {
		List<ToolResponse> responses = new ArrayList<>();
		for (String id : ids) {
			responses.add(new ToolResponse(id, "time", "noon " + responses.size()));
		}
		return ToolResponseMessage.builder().responses(responses).build();
	}

	private static Message looksAt(Media... media) {
		return UserMessage.builder().text("look").media(media).build();
	}

	private static Media media(int... bytes) {
		byte[] data = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			data[i] = (byte) bytes[i];
		}
		return Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(data).build();
	}

	private static Media file(@Nullable String name) {
		Media.Builder media = Media.builder().mimeType(MimeTypeUtils.TEXT_PLAIN).data(new byte[] { 65 });
		return ((name != null) ? media.name(name) : media).build();
	}

	private static ToolCallback tool(String name) {
		return FunctionToolCallback.builder(name, () -> "noon").description(name).inputType(Void.class).build();
	}

	private static Map<String, Consumer<GrokChatOptions.Builder>> changes() {
		Map<String, Consumer<GrokChatOptions.Builder>> changes = new HashMap<>();
		changes.put("model", (options) -> options.model("grok-4.5"));
		changes.put("api", (options) -> options.api(GrokApi.RESPONSES));
		changes.put("temperature", (options) -> options.temperature(0.1));
		changes.put("topP", (options) -> options.topP(0.1));
		changes.put("topK", (options) -> options.topK(3));
		changes.put("maxTokens", (options) -> options.maxTokens(7));
		changes.put("seed", (options) -> options.seed(7));
		changes.put("stopSequences", (options) -> options.stopSequences(List.of("a")));
		changes.put("presencePenalty", (options) -> options.presencePenalty(0.5));
		changes.put("frequencyPenalty", (options) -> options.frequencyPenalty(0.5));
		changes.put("reasoningEffort", (options) -> options.reasoningEffort("low"));
		changes.put("encryptedReasoning", (options) -> options.encryptedReasoning(true));
		changes.put("toolCallbacks", (options) -> options.toolCallbacks(tool("time")));
		changes.put("toolChoice", (options) -> options.toolChoice("required"));
		changes.put("parallelToolCalls", (options) -> options.parallelToolCalls(false));
		changes.put("serverTools", (options) -> options.serverTools(ServerTool.webSearch()));
		changes.put("maxTurns", (options) -> options.maxTurns(2));
		changes.put("include", (options) -> options.include("x"));
		changes.put("responseFormat", (options) -> options.responseFormat("json_object"));
		changes.put("outputSchema", (options) -> options.outputSchema("{}"));
		changes.put("n", (options) -> options.n(2));
		changes.put("logprobs", (options) -> options.logprobs(true));
		changes.put("topLogprobs", (options) -> options.topLogprobs(2));
		changes.put("logitBias", (options) -> options.logitBias(Map.of("1", 1)));
		changes.put("serviceTier", (options) -> options.serviceTier("priority"));
		changes.put("store", (options) -> options.store(true));
		changes.put("previousResponseId", (options) -> options.previousResponseId("r"));
		changes.put("extraBody", (options) -> options.extraBody(Map.of("a", 1)));
		changes.put("headers", (options) -> options.headers(Map.of("a", "1")));
		changes.put("user", (options) -> options.user("u"));
		changes.put("conversationId", (options) -> options.conversationId("c"));
		changes.put("promptCache", (options) -> options.promptCache(false));
		changes.put("timeout", (options) -> options.timeout(Duration.ofSeconds(1)));
		changes.put("toolContext", (options) -> options.toolContext(Map.of("a", 1)));
		changes.put("cacheMode", (options) -> options.cacheMode(CacheMode.REFRESH));
		changes.put("cacheTtl", (options) -> options.cacheTtl(Duration.ofSeconds(1)));
		changes.put("cacheServerTools", (options) -> options.cacheServerTools(true));
		changes.put("runawayGuard", (options) -> options.runawayGuard(false));
		return changes;
	}

	/**
	 * A random request with a comparable description.
	 */
	private static final class RandomRequest {

		private static final String[] TEXTS = { "", "a", "b", "ab", "aa", "s", "0", "1", "a\nb", "\u00e9", "ba" };

		private final Random random;

		private final List<Object> content = new ArrayList<>();

		private final List<Message> messages = new ArrayList<>();

		private final GrokChatOptions options;

		private RandomRequest(long seed) {
			this.random = new Random(seed);
			GrokChatOptions.Builder builder = options().mutate();
			if (this.random.nextBoolean()) {
				String option = List.copyOf(CacheKey.OPTIONS.keySet())
					.get(this.random.nextInt(CacheKey.OPTIONS.size()));
				CHANGES.get(option).accept(builder);
				this.content.add("option " + option);
			}
			if (this.random.nextInt(3) == 0) {
				Map<String, Object> body = new HashMap<>();
				for (int i = this.random.nextInt(3); i >= 0; i--) {
					body.put(text(), List.of(text(), this.random.nextInt(2)));
				}
				builder.extraBody(body);
				this.content.removeIf("option extraBody"::equals);
				this.content.add(body);
			}
			this.options = builder.build();
			for (int i = this.random.nextInt(3); i >= 0; i--) {
				addMessage();
			}
		}

		private void addMessage() {
			String text = text();
			switch (this.random.nextInt(4)) {
				case 0 -> {
					this.messages.add(new SystemMessage(text));
					this.content.add(List.of("system", text));
				}
				case 1 -> {
					this.messages.add(new UserMessage(text));
					this.content.add(List.of("user", text));
				}
				case 2 -> {
					String name = text();
					this.messages.add(AssistantMessage.builder()
						.content(text)
						.toolCalls(List.of(new ToolCall("id", "function", name, text)))
						.build());
					this.content.add(List.of("assistant", text, name));
				}
				default -> {
					int data = this.random.nextInt(3);
					this.messages.add(UserMessage.builder().text(text).media(media(data)).build());
					this.content.add(List.of("look", text, data));
				}
			}
		}

		private String text() {
			return TEXTS[this.random.nextInt(TEXTS.length)];
		}

		private @Nullable String key() {
			return CacheKey.of("default", new Prompt(this.messages, this.options), this.options, SCOPE, null);
		}

	}

}
