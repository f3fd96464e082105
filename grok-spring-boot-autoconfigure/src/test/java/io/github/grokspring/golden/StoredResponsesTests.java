package io.github.grokspring.golden;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses that an earlier version cached are served by this one.
 * {@code -Dgolden.write=true} regenerates the expected responses, and the stored entries
 * where they are missing.
 */
class StoredResponsesTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	/** The first instant of the year 2100: entries must not expire. */
	private static final String EXPIRES = "\"expires\":4102444800000";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Shelf shelf = new Shelf();

	private final ApplicationContextRunner runner = Applications.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.cache.enabled=true",
				"grok.cache.server-tools=true")
		.withBean(ResponseStore.class, () -> this.shelf);

	@Test
	void entriesAreServedAsTheyWereStored() throws Exception {
		Map<String, String> entries = entries();
		assertThat(entries).hasSizeGreaterThanOrEqualTo(7);
		StringBuilder responses = new StringBuilder();
		this.runner.run((context) -> {
			xai.reset();
			GrokChatModel model = context.getBean(GrokChatModel.class);
			entries.forEach((name, entry) -> {
				this.shelf.entry = entry;
				ChatResponse response = model.call(new Prompt("?"));
				responses.append("# ").append(name).append('\n').append(Rendered.response(response));
				List<ChatResponse> stream = Objects
					.requireNonNull(model.stream(new Prompt("?")).collectList().block(TIMEOUT));
				assertThat(text(stream)).as(name).isEqualTo(text(List.of(response)));
				assertThat(Rendered.value(stream.get(stream.size() - 1).getMetadata().get("grok.cost"))).as(name)
					.isEqualTo(Rendered.value(response.getMetadata().get("grok.cost")));
			});
			assertThat(xai.requestCount()).isZero();
		});
		Golden.verify("cached-responses.txt", responses.toString());
	}

	private Map<String, String> entries() throws Exception {
		return Golden.read(Golden.stored("cache-entries.txt", this::write))
			.lines()
			.map((line) -> line.split("\t", 2))
			.collect(Collectors.toMap((parts) -> parts[0], (parts) -> parts[1], (one, other) -> one,
					LinkedHashMap::new));
	}

	private String write() {
		List<String> lines = new ArrayList<>();
		this.runner.withPropertyValues("grok.clients.bridge.transport=spring-ai").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answers("Four.");
			lines.add(entry("text", () -> model.call(prompt(options()))));
			xai.answers("Four, \u00e4 \ud83d\ude00\n\"so\".").usage(1_000, 100).cachedTokens(600).reasoningTokens(50);
			lines.add(entry("tokens of every type", () -> model.call(prompt(options().model("grok-4.7")))));
			xai.answers("Four.").usage(1_000, 100).cachedTokens(600).reasoning("Two and two.");
			lines.add(entry("stream", () -> model.stream(prompt(options())).blockLast(TIMEOUT)));
			xai.answers("Four.").reasoning("Two and two.").serviceTier("priority");
			lines.add(entry("responses", () -> model.call(prompt(options().api(GrokApi.RESPONSES)))));
			xai.answers("Four.")
				.searchingTheWeb("2 + 2", "https://example.com/four", "https://x.com/a/status/1")
				.runningCode("2 + 2")
				.citing("https://example.com/four", "https://x.com/a/status/1")
				.usage(2_000, 200);
			lines.add(entry("citations and server-side tools", () -> model
				.call(prompt(options().serverTools(ServerTool.webSearch(), ServerTool.codeInterpreter())))));
			xai.answers("Four.")
				.searchingX("2 + 2", "https://x.com/a/status/1")
				.callingMcp("calculator", "add", "{\"a\":2}", "4")
				.citing("https://x.com/a/status/1");
			lines.add(entry("stream with citations and server-side tools",
					() -> model
						.stream(prompt(options().serverTools(ServerTool.xSearch(),
								ServerTool.mcp("calculator", "https://mcp.example.com"))))
						.blockLast(TIMEOUT)));
			xai.answersRaw(400, "application/json",
					"{\"code\":\"Client specified an invalid argument\",\"error\":\"Model grok-4.3 does not support parameter topP.\"}");
			xai.answers("Four.");
			lines.add(entry("dropped parameters",
					() -> model.call(prompt(options().topP(0.5).stopSequences(List.of("5"))))));
		});
		this.runner.withPropertyValues("grok.chat.transport=spring-ai").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answers("Four.").usage(1_000, 100).cachedTokens(600).reasoningTokens(50);
			lines.add(entry("transport spring-ai", () -> model.call(prompt(options()))));
			xai.answers("Four.").usage(1_000, 100).cachedTokens(600).reasoningTokens(50);
			lines.add(entry("stream of transport spring-ai", () -> model.stream(prompt(options())).blockLast(TIMEOUT)));
		});
		return String.join("\n", lines) + "\n";
	}

	private String entry(String name, Supplier<@Nullable ChatResponse> call) {
		this.shelf.entry = null;
		this.shelf.stored.set(null);
		assertThat(call.get()).isNotNull();
		String stored = this.shelf.stored.get();
		assertThat(stored).as(name).isNotNull();
		return name + "\t" + stored.replaceFirst("\"expires\":\\d+", EXPIRES);
	}

	private static GrokChatOptions.Builder options() {
		return GrokChatOptions.builder();
	}

	private static Prompt prompt(GrokChatOptions.Builder options) {
		return new Prompt("2 + 2?", options.build());
	}

	private static String text(List<ChatResponse> responses) {
		return responses.stream()
			.map(ChatResponse::getResult)
			.filter(Objects::nonNull)
			.map((generation) -> Objects.requireNonNullElse(generation.getOutput().getText(), ""))
			.collect(Collectors.joining());
	}

	/**
	 * A cache of one entry.
	 */
	private static final class Shelf implements ResponseStore {

		private final AtomicReference<@Nullable String> stored = new AtomicReference<>();

		private volatile @Nullable String entry;

		@Override
		public @Nullable String get(String key) {
			return this.entry;
		}

		@Override
		public void put(String key, String text, Duration ttl) {
			this.stored.set(text);
		}

		@Override
		public void clear() {
			this.entry = null;
		}

		@Override
		public boolean mayBlock() {
			return false;
		}

	}

}
