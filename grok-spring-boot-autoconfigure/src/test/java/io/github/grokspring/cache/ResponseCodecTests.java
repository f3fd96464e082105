package io.github.grokspring.cache;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseCodec}.
 */
class ResponseCodecTests {

	private static final Instant EXPIRES = Instant.parse("2026-04-01T12:00:00Z");

	private static final MetadataType<Money> MONEY = new MetadataType<>("money", Money.class,
			(money) -> Map.of("amount", money.amount()), (fields) -> new Money((Long) fields.get("amount")));

	private final ResponseCodec json = new ResponseCodec(List.of(MONEY));

	@Test
	void responseSurvivesRoundTrip() {
		Map<String, Object> usage = new LinkedHashMap<>();
		usage.put("prompt_tokens", 12);
		usage.put("cost_in_usd_ticks", 26_090_000_000L);
		usage.put("details", Map.of("reasoning_tokens", 3));
		usage.put("nothing", null);
		ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder()
			.id("id-1")
			.model("grok-4.3")
			.usage(new DefaultUsage(12, 5, 17, usage, 4L, null));
		Map<String, Object> entries = new LinkedHashMap<>();
		entries.put("created", 5L);
		entries.put("grok.attempts", 2);
		entries.put("share", 0.5);
		entries.put("flag", true);
		entries.put("huge", new BigInteger("123456789012345678901234567890"));
		entries.put("exact", new BigDecimal("0.10"));
		entries.put("list", Arrays.asList("a", null, 7L));
		entries.put("map", Map.of("map", Map.of("long", "no number")));
		entries.put("money", new Money(7));
		entries.put("citations",
				List.of(Citation.of("https://x.com/a"), new Citation("https://a.b", "1", 3, 9, Citation.Kind.WEB)));
		entries.put("grok.tools", List.of(new ToolUse("web_search", null, "q", null, null, "completed")));
		entries.forEach(metadata::keyValue);
		ChatResponse answer = answer("Hello \u00e9\ud83d\ude00", Map.of("reasoning", "hm", "items", List.of("{}")),
				metadata.build());
		ResponseCodec.Entry entry = this.json.read(this.json.write(answer, EXPIRES));
		assertThat(entry.expires()).isEqualTo(EXPIRES);
		assertThat(entry.response().getResult().getOutput()).isEqualTo(answer.getResult().getOutput());
		assertThat(entry.response().getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		ChatResponseMetadata read = entry.response().getMetadata();
		assertThat(read.getId()).isEqualTo("id-1");
		assertThat(read.getModel()).isEqualTo("grok-4.3");
		assertThat(read.getUsage()).isEqualTo(answer.getMetadata().getUsage());
		assertThat(read.getUsage().getNativeUsage()).isEqualTo(usage);
		assertThat(read.keySet()).isEqualTo(entries.keySet());
		entries.forEach((name, value) -> assertThat(read.<Object>get(name)).as(name).isEqualTo(value));
	}

	@Test
	void responseWithoutUsageSurvivesRoundTrip() {
		ResponseCodec.Entry entry = this.json
			.read(this.json.write(answer("a", Map.of(), new ChatResponseMetadata()), EXPIRES));
		assertThat(entry.response().getMetadata().getUsage()).isInstanceOf(EmptyUsage.class);
	}

	@Test
	void exchangeMetadataIsOmitted() {
		ChatResponse answer = answer("a", Map.of(),
				ChatResponseMetadata.builder().keyValue("grok.server-timing", new ServerTiming(1, 2, 3)).build());
		assertThat(this.json.read(this.json.write(answer, EXPIRES)).response().getMetadata().keySet()).isEmpty();
	}

	@Test
	void unknownValuesAreNotWritten() {
		assertThat(this.json.write(answer("a", Map.of("x", new Object()), new ChatResponseMetadata()), EXPIRES))
			.isNull();
		assertThat(this.json
			.write(answer("a", Map.of(), ChatResponseMetadata.builder().keyValue("x", Double.NaN).build()), EXPIRES))
			.isNull();
		assertThat(this.json
			.write(answer("a", Map.of(), ChatResponseMetadata.builder().keyValue("x", Map.of(1, 2)).build()), EXPIRES))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "7", "{}", "[]", "no json", "{\"version\":1}",
			"{\"version\":0,\"text\":\"a\"}", "{\"version\":2}", "{\"version\":\"1\"}" })
	void invalidEntryIsIgnored(String text) {
		assertThat(this.json.read(text)).isNull();
	}

	@Test
	void damagedEntryIsIgnored() {
		String text = this.json.write(
				answer("a", Map.of(),
						ChatResponseMetadata.builder().keyValue("m", new Money(1)).keyValue("l", List.of(1L)).build()),
				EXPIRES);
		for (int i = 0; i < text.length(); i++) {
			assertThat(this.json.read(text.substring(0, i))).isNull();
		}
		assertThat(this.json.read(text.replace("\"money\"", "\"stranger\""))).isNull();
		assertThat(this.json.read(text.replace("{\"long\":1}", "{}"))).isNull();
	}

	@Test
	void responsesWhoseMetadataThrowsAreNotCached() {
		ChatResponse response = answer("a", Map.of(),
				ChatResponseMetadata.builder().keyValue("money", new Money(1)).build());
		for (Throwable thrown : List.of(new IOException("checked"), new NoClassDefFoundError("linkage"),
				new StackOverflowError("virtual machine"))) {
			MetadataType<Money> faulty = new MetadataType<>("money", Money.class, (money) -> {
				throw sneaky(thrown);
			}, (fields) -> {
				throw sneaky(thrown);
			});
			assertThat(new ResponseCodec(List.of(faulty)).write(response, EXPIRES)).isNull();
			String text = this.json.write(response, EXPIRES);
			assertThat(new ResponseCodec(List.of(faulty)).read(text)).isNull();
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private static ChatResponse answer(String text, Map<String, Object> properties, ChatResponseMetadata metadata) {
		return new ChatResponse(
				List.of(new Generation(AssistantMessage.builder().content(text).properties(properties).build(),
						ChatGenerationMetadata.builder().finishReason("STOP").build())),
				metadata);
	}

	/**
	 * A type that is not built in.
	 */
	private record Money(long amount) {

	}

}
