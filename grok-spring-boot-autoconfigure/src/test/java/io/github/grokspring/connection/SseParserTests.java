package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SseParser}.
 */
class SseParserTests {

	static List<Arguments> streams() {
		return List.of(Arguments.of("data: one\n\ndata: two\n\n", List.of("null|one", "null|two")),
				Arguments.of("data: one\r\n\r\ndata: two\r\n\r\n", List.of("null|one", "null|two")),
				Arguments.of("data: one\r\rdata: two\r\r", List.of("null|one", "null|two")),
				Arguments.of("data: one\r\n\ndata: two\n\r\n", List.of("null|one", "null|two")),
				Arguments.of("data:one\n\ndata:  two\n\n", List.of("null|one", "null| two")),
				Arguments.of("data: a\ndata: b\ndata\ndata: c\n\n", List.of("null|a\nb\n\nc")),
				Arguments.of("data: a\r\n: between\r\ndata: b\r\nid: 7\r\n\r\n", List.of("null|a\nb")),
				Arguments.of("event: ping\ndata: {}\n\ndata: x\n\n", List.of("ping|{}", "null|x")),
				Arguments.of("data: x\nevent: late\n\n", List.of("late|x")),
				Arguments.of("event: lonely\n\ndata: x\n\n", List.of("null|x")),
				Arguments.of("event: a\nevent:\ndata: x\n\n", List.of("null|x")),
				Arguments.of(": keep-alive\n\n:\n\n\n\ndata: x\n\n", List.of("null|x")),
				Arguments.of("id: 1\nretry: 10\nunknown: y\nunknown\ndataset: z\nevents: q\ndata: x\n\n",
						List.of("null|x")),
				Arguments.of("\uFEFFdata: x\n\n", List.of("null|x")),
				Arguments.of("data: \uFEFFx\n\n", List.of("null|\uFEFFx")),
				Arguments.of("data: äöü €  😀 漢字\n\n", List.of("null|äöü €  😀 漢字")),
				Arguments.of("data: one\n\ndata: [DONE]\n\n", List.of("null|one", "DONE")),
				Arguments.of("data:[DONE]\n\n", List.of("DONE")), Arguments.of("data: [DONE] \n\n", List.of("DONE")),
				Arguments.of("data:  \t[DONE]\t \n\n", List.of("DONE")),
				Arguments.of("data:\ndata: [DONE]\n\n", List.of("DONE")),
				Arguments.of("data: [DONE]x\n\ndata: [DON\n\n", List.of("null|[DONE]x", "null|[DON")),
				Arguments.of("data:\n\ndata\n\n", List.of()),
				Arguments.of("data: first\n\ndata: unfinished\n", List.of("null|first", "null|unfinished")),
				Arguments.of("data: first\n\ndata: unfinished", List.of("null|first", "null|unfinished")),
				Arguments.of("data: [DONE]", List.of("DONE")), Arguments.of("", List.of()),
				Arguments.of("\uFEFF", List.of()), Arguments.of("\n\r\n\r", List.of()),
				Arguments.of("event: response.output_text.delta\ndata: {\"a\":\"b: c\"}\n\n",
						List.of("response.output_text.delta|{\"a\":\"b: c\"}")));
	}

	@ParameterizedTest
	@MethodSource("streams")
	void findsSameEventsForAnySplit(String text, List<String> expected) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		assertThat(parse(bytes, bytes.length)).as("whole").isEqualTo(expected);
		for (int first = 0; first <= bytes.length; first++) {
			for (int second = first; second <= bytes.length; second++) {
				assertThat(parse(bytes, first, second - first, bytes.length)).as("cut at %d and %d", first, second)
					.isEqualTo(expected);
			}
		}
		int[] single = new int[bytes.length];
		Arrays.fill(single, 1);
		assertThat(parse(bytes, single)).as("byte by byte").isEqualTo(expected);
	}

	@Test
	void reusedBufferKeepsEventsIntact() {
		StringBuilder text = new StringBuilder();
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			String data = "x".repeat(i % 97) + i;
			text.append((i % 3 == 0) ? ": ping\n" : "event: e\n").append("data: ").append(data).append("\n\n");
			expected.add(((i % 3 == 0) ? "null|" : "e|") + data);
		}
		byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
		for (int size : new int[] { 1, 7, 64, 1_000, 1 << 20 }) {
			int[] sizes = new int[bytes.length / size + 1];
			Arrays.fill(sizes, size);
			assertThat(parse(bytes, sizes)).as("pieces of %d", size).isEqualTo(expected);
		}
	}

	@Test
	void tooLongEventFails() {
		SseParser parser = new SseParser(new Recorder(), 100);
		parser.feed(Unpooled.copiedBuffer("data: short\n\n", StandardCharsets.UTF_8));
		assertThatIllegalStateException().isThrownBy(() -> {
			for (int i = 0; i < 20; i++) {
				parser.feed(Unpooled.copiedBuffer("data: 123456789\n", StandardCharsets.UTF_8));
			}
		}).withMessageContaining("100 bytes");
	}

	@Test
	void commentsDoNotCountTowardsLimit() {
		Recorder recorder = new Recorder();
		SseParser parser = new SseParser(recorder, 100);
		for (int i = 0; i < 200; i++) {
			parser.feed(Unpooled.copiedBuffer(": keep-alive\n\n", StandardCharsets.UTF_8));
		}
		parser.feed(Unpooled.copiedBuffer("data: x\n\n", StandardCharsets.UTF_8));
		assertThat(recorder.events).containsExactly("null|x");
	}

	private static List<String> parse(byte[] bytes, int... sizes) {
		Recorder recorder = new Recorder();
		SseParser parser = new SseParser(recorder);
		int at = 0;
		for (int size : sizes) {
			int end = Math.min(bytes.length, at + size);
			parser.feed(Unpooled.copiedBuffer(bytes, at, end - at));
			at = end;
		}
		parser.end();
		return recorder.events;
	}

	@Test
	void readsUnusualEventNames() {
		NameRecorder recorder = new NameRecorder();
		SseParser parser = new SseParser(recorder);
		String huge = "x".repeat(100_000);
		List.of(huge, huge, "ä", "ä", "", "y").forEach((name) -> feed(parser, name));
		assertThat(recorder.names).containsExactly(huge, huge, "ä", "ä", null, "y");
	}

	private static void feed(SseParser parser, String name) {
		parser.feed(Unpooled.copiedBuffer("event: " + name + "\ndata: {}\n\n", StandardCharsets.UTF_8));
	}

	private static void feed(SseParser parser, ByteBuf stream, int times) {
		for (int i = 0; i < times; i++) {
			parser.feed(stream.readerIndex(0));
		}
	}

	private static final class NameRecorder implements SseParser.Listener {

		private final List<@Nullable String> names = new ArrayList<>();

		@Override
		public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
			this.names.add(event);
		}

		@Override
		public void onDone() {
			this.names.add("DONE");
		}

	}

	private static final class Recorder implements SseParser.Listener {

		private final List<String> events = new ArrayList<>();

		@Override
		public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
			this.events.add(event + "|" + new String(buffer, offset, length, StandardCharsets.UTF_8));
		}

		@Override
		public void onDone() {
			this.events.add("DONE");
		}

	}

}
