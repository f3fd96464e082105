package io.github.grokspring.completions;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.connection.ResponseHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the assembly of tool calls in the dialects of different servers.
 */
class ToolCallIdentityTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final ToolCall ROME = call("a", "weather", "{\"city\":\"Rome\"}");

	private static final ToolCall OSLO = call("b", "time", "{\"city\":\"Oslo\"}");

	private final GrokOnTheWire wire = new GrokOnTheWire();

	private final GrokChatModel model = this.wire.client("tools");

	@AfterEach
	void stop() {
		this.wire.close();
	}

	static Stream<Arguments> dialects() {
		String rome = "'function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}";
		String oslo = "'function':{'name':'time','arguments':'{\\'city\\':\\'Oslo\\'}'}";
		return Stream.of(
				dialect("whole calls at index 0 with different ids, one a chunk", List.of(ROME, OSLO),
						"[{'index':0,'id':'a'," + rome + "}]", "[{'index':0,'id':'b'," + oslo + "}]"),
				dialect("whole calls at index 0 with different ids in one chunk", List.of(ROME, OSLO),
						"[{'index':0,'id':'a'," + rome + "},{'index':0,'id':'b'," + oslo + "}]"),
				dialect("fragments at index 0 that alternate between two ids", List.of(ROME, OSLO),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}]",
						"[{'index':0,'id':'b','function':{'name':'time','arguments':'{\\'city\\':'}}]",
						"[{'index':0,'id':'a','function':{'arguments':'\\'Rome\\'}'}}]",
						"[{'index':0,'id':'b','function':{'arguments':'\\'Oslo\\'}'}}]"),
				dialect("whole calls at index 0 without ids", List.of(call("", ROME), call("", OSLO)),
						"[{'index':0," + rome + "}]", "[{'index':0," + oslo + "}]"),
				dialect("two calls of one tool at index 0 without ids",
						List.of(call("", ROME), call("", "weather", OSLO.arguments())), "[{'index':0," + rome + "}]",
						"[{'index':0," + oslo.replace("time", "weather") + "}]"),
				dialect("no index, with ids", List.of(ROME, OSLO), "[{'id':'a'," + rome + "}]",
						"[{'id':'b'," + oslo + "}]"),
				dialect("no index, with ids, in one chunk", List.of(ROME, OSLO),
						"[{'id':'a'," + rome + "},{'id':'b'," + oslo + "}]"),
				dialect("no index and no ids in one chunk", List.of(call("", "now", "{}"), call("", "today", "{}")),
						"[{'function':{'name':'now'}},{'function':{'name':'today'}}]"),
				dialect("no index, arguments in pieces without id and name", List.of(ROME, OSLO),
						"[{'id':'a','function':{'name':'weather','arguments':''}}]",
						"[{'function':{'arguments':'{\\'city\\':'}}]", "[{'function':{'arguments':'\\'Rome\\'}'}}]",
						"[{'id':'b','function':{'name':'time'}}]",
						"[{'function':{'arguments':'{\\'city\\':\\'Oslo\\'}'}}]"),
				dialect("the whole name in every chunk", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\''}}]",
						"[{'index':0,'function':{'name':'weather','arguments':':\\'Rome\\''}}]",
						"[{'index':0,'function':{'name':'weather','arguments':'}'}}]",
						"[{'index':0,'function':{'name':'weather','arguments':''}}]"),
				dialect("id and whole name in every chunk", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\''}}]",
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':':\\'Rome\\'}'}}]"),
				dialect("indexes that begin at 1", List.of(ROME, OSLO), "[{'index':1,'id':'a'," + rome + "}]",
						"[{'index':2,'id':'b'," + oslo + "}]"),
				dialect("indexes with gaps", List.of(ROME, OSLO), "[{'index':0,'id':'a'," + rome + "}]",
						"[{'index':7,'id':'b'," + oslo + "}]"),
				dialect("indexes out of order", List.of(ROME, OSLO), "[{'index':1,'id':'b'," + oslo + "}]",
						"[{'index':0,'id':'a'," + rome + "}]"),
				dialect("no function", List.of(ROME), "[{'index':0,'function':null}]",
						"[{'index':0,'id':'a'," + rome + "}]", "[{'index':1,'id':'x','function':null}]"),
				dialect("a call that never gets a name", List.of(ROME), "[{'index':0,'id':'a'," + rome + "}]",
						"[{'index':1,'id':'b','function':{'arguments':'{}'}}]"),
				dialect("arguments as an object", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':{'city':'Rome'}}}]"),
				dialect("arguments as objects at index 0 without ids", List.of(call("", ROME), call("", OSLO)),
						"[{'index':0,'function':{'name':'weather','arguments':{'city':'Rome'}}}]",
						"[{'index':0,'function':{'name':'time','arguments':{'city':'Oslo'}}}]"),
				dialect("arguments as an empty object", List.of(call("a", "now", "{}")),
						"[{'index':0,'id':'a','function':{'name':'now','arguments':{}}}]"),
				dialect("indexes as texts", List.of(ROME, OSLO),
						"[{'index':'0','id':'a','function':{'name':'weather','arguments':''}},"
								+ "{'index':'1','id':'b','function':{'name':'time','arguments':''}}]",
						"[{'index':'0','function':{'arguments':'{\\'city\\':\\'Rome\\'}'}}]",
						"[{'index':'1','function':{'arguments':'{\\'city\\':\\'Oslo\\'}'}}]"),
				dialect("a call that is not in a list", List.of(ROME), "{'index':0,'id':'a'," + rome + "}"),
				dialect("id as a number", List.of(call("17", ROME)), "[{'index':0,'id':17," + rome + "}]"),
				// What has always been read so
				dialect("id in every chunk", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':''}}]",
						"[{'index':0,'id':'a','function':{'arguments':'{\\'city\\':'}}]",
						"[{'index':0,'id':'a','function':{'arguments':'\\'Rome\\'}'}}]"),
				dialect("an empty id first", List.of(ROME),
						"[{'index':0,'id':'','function':{'name':'weather','arguments':'{\\'city\\':'}}]",
						"[{'index':0,'id':'a','function':{'arguments':'\\'Rome\\'}'}}]"),
				dialect("an empty id in later chunks", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}]",
						"[{'index':0,'id':'','function':{'name':'','arguments':'\\'Rome\\'}'}}]"),
				dialect("the name in fragments", List.of(call("a", "read_file", "{}")),
						"[{'index':0,'id':'a','function':{'name':'read'}}]",
						"[{'index':0,'function':{'name':'_file','arguments':'{'}}]",
						"[{'index':0,'function':{'arguments':'}'}}]"),
				dialect("a new id with every fragment but no name", List.of(call("z", ROME)),
						"[{'index':0,'id':'x','function':{'name':'weather','arguments':'{\\'city\\''}}]",
						"[{'index':0,'id':'y','function':{'arguments':':\\'Rome\\''}}]",
						"[{'index':0,'id':'z','function':{'arguments':'}'}}]"),
				dialect("two entries of one index in one chunk", List.of(ROME),
						"[{'index':0,'id':'a','function':{'name':'weather'}},"
								+ "{'index':0,'function':{'arguments':'{\\'city\\':\\'Rome\\'}'}}]"),
				dialect("fragments of two calls side by side", List.of(ROME, OSLO),
						"[{'index':0,'id':'a','function':{'name':'weather'}},{'index':1,'id':'b','function':{'name':'time'}}]",
						"[{'index':1,'function':{'arguments':'{\\'city\\':'}},{'index':0,'function':{'arguments':'{\\'city\\':'}}]",
						"[{'index':0,'function':{'arguments':'\\'Rome\\'}'}},{'index':1,'function':{'arguments':'\\'Oslo\\'}'}}]"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("dialects")
	void streamedFragmentsAreAssembledToToolCalls(String dialect, List<ToolCall> expected, List<String> chunks) {
		this.wire.xai().streamsRaw(events(chunks, "tool_calls"));
		AssistantMessage message = stream().getResult().getOutput();
		assertThat(message.getToolCalls()).isEqualTo(expected);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("dialects")
	void toolCallsDoNotDependOnChunkBoundaries(String dialect, List<ToolCall> expected, List<String> chunks) {
		Random random = new Random(dialect.hashCode());
		for (int i = 0; i < 20; i++) {
			ChatChunkDecoder decoder = new ChatChunkDecoder("grok-4.3", ResponseHeaders.NONE);
			List<ChatResponse> elements = new ArrayList<>();
			for (String event : events(chunks, "tool_calls").split("\n\n")) {
				byte[] data = event.substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
				if (event.endsWith("[DONE]")) {
					decoder.onDone();
				}
				else {
					decoder.onEvent(null, data, 0, data.length);
				}
				if (random.nextBoolean()) {
					elements.addAll(decoder.drain());
				}
			}
			elements.addAll(decoder.complete());
			assertThat(elements.get(elements.size() - 1).getResult().getOutput().getToolCalls()).isEqualTo(expected);
		}
	}

	@Test
	void argumentsCanBeSplitAnywhere() {
		String arguments = "{\"path\":\"a.txt\",\"lines\":[{\"n\":1},{\"n\":2}],\"text\":\"} {\\\"x\\\":1} \\ud83d\\ude00\"}";
		Random random = new Random(42);
		for (int i = 0; i < 50; i++) {
			List<String> chunks = new ArrayList<>();
			chunks.add("[{'index':0,'id':'a','function':{'name':'write','arguments':''}}]");
			int from = 0;
			while (from < arguments.length()) {
				int to = Math.min(arguments.length(), from + 1 + random.nextInt(7));
				String piece = JsonMapper.shared().writeValueAsString(arguments.substring(from, to));
				String name = (i % 2 == 0) ? "" : "'name':'write',";
				chunks.add("[{'index':0,'function':{" + name.replace('\'', '"') + "\"arguments\":" + piece + "}}]");
				from = to;
			}
			this.wire.xai().streamsRaw(events(chunks, "tool_calls"));
			assertThat(stream().getResult().getOutput().getToolCalls()).containsExactly(call("a", "write", arguments));
		}
	}

	static Stream<Arguments> messages() {
		return Stream.of(
				dialect("no index", List.of(ROME, OSLO),
						"{'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}}",
						"{'id':'b','function':{'name':'time','arguments':'{\\'city\\':\\'Oslo\\'}'}}"),
				dialect("index 0 for all and one id", List.of(ROME, call("a", OSLO)),
						"{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}}",
						"{'index':0,'id':'a','function':{'name':'time','arguments':'{\\'city\\':\\'Oslo\\'}'}}"),
				dialect("no ids", List.of(call("", "now", "{}"), call("", "now", "{}")),
						"{'function':{'name':'now','arguments':''}}", "{'function':{'name':'now','arguments':null}}"),
				dialect("indexes that begin at 1", List.of(ROME, OSLO),
						"{'index':1,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}}",
						"{'index':2,'id':'b','function':{'name':'time','arguments':'{\\'city\\':\\'Oslo\\'}'}}"),
				dialect("no function", List.of(ROME), "{'id':'x','function':null}",
						"{'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Rome\\'}'}}"),
				dialect("arguments as an object", List.of(ROME),
						"{'id':'a','function':{'name':'weather','arguments':{'city':'Rome'}}}"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("messages")
	void everyToolCallOfMessageIsSeparate(String dialect, List<ToolCall> expected, List<String> calls) {
		this.wire.xai()
			.answersRaw(200, "application/json", json("""
					{'id':'1','model':'grok-4.3','choices':[{'index':0,'finish_reason':'tool_calls',\
					'message':{'role':'assistant','content':'','tool_calls':[%s]}}]}"""
				.formatted(String.join(",", calls))));
		assertThat(this.model.call(new Prompt("hi")).getResult().getOutput().getToolCalls()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[{'index':0,'function':null}]", "[{'index':3}]", "[]" })
	void textWithoutToolCallsHasNone(String toolCalls) {
		this.wire.xai()
			.streamsRaw(json("data: {'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{'content':'Hi',"
					+ "'tool_calls':" + toolCalls + "},'finish_reason':'stop'}]}\n\ndata: [DONE]\n\n"));
		ChatResponse last = stream();
		assertThat(last.hasToolCalls()).isFalse();
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
	}

	private ChatResponse stream() {
		return this.model.stream(new Prompt("hi")).blockLast(TIMEOUT);
	}

	private static Arguments dialect(String name, List<ToolCall> expected, String... chunks) {
		return Arguments.of(name, expected, List.of(chunks));
	}

	private static String events(List<String> toolCalls, String finishReason) {
		StringBuilder events = new StringBuilder();
		String chunk = "data: {'id':'1','model':'grok-4.3','choices':[{'index':0,'delta':{%s}%s}]}\n\n";
		toolCalls.forEach((calls) -> events.append(chunk.formatted("'tool_calls':" + calls, "")));
		return json(events + chunk.formatted("", ",'finish_reason':'" + finishReason + "'") + "data: [DONE]\n\n");
	}

	private static String json(String text) {
		return text.replace('\'', '"');
	}

	private static ToolCall call(String id, ToolCall like) {
		return call(id, like.name(), like.arguments());
	}

	private static ToolCall call(String id, String name, String arguments) {
		return new ToolCall(id, "function", name, arguments);
	}

}
