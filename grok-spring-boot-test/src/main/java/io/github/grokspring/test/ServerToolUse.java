package io.github.grokspring.test;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Use of a server-side tool.
 */
sealed interface ServerToolUse {

	/**
	 * Returns the type of the tool in a request.
	 */
	String tool();

	/**
	 * Returns the output item.
	 */
	ToolItem item(ItemIds ids, int number, boolean withResults);

	/**
	 * Returns whether the output of the tool is returned only as an encrypted item.
	 */
	default boolean isOutputHidden() {
		return true;
	}

	/**
	 * Returns the URL of the opened page, or {@code null}.
	 */
	default @Nullable String openedPage() {
		return null;
	}

	private static ToolItem webItem(ItemIds ids, int number, Consumer<JsonGenerator> before,
			Consumer<JsonGenerator> after) {
		ToolItem item = new ToolItem("ws_" + ids.response() + "_" + ids.call(number), "web_search_call",
				(json) -> action(json, before), (json) -> action(json, after));
		return item.with("web_search_call.in_progress")
			.with("web_search_call.searching")
			.with("web_search_call.completed");
	}

	private static void action(JsonGenerator json, Consumer<JsonGenerator> fields) {
		json.writeObjectPropertyStart("action");
		fields.accept(json);
		json.writeEndObject();
	}

	record WebSearch(String query, List<String> urls) implements ServerToolUse {

		@Override
		public String tool() {
			return "web_search";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			return webItem(ids, number, (json) -> search(json, "", List.of()),
					(json) -> search(json, this.query, this.urls));
		}

		private static void search(JsonGenerator json, String query, List<String> urls) {
			json.writeStringProperty("type", "search");
			json.writeStringProperty("query", query);
			json.writeArrayPropertyStart("sources");
			for (String url : urls) {
				json.writeStartObject();
				json.writeStringProperty("type", "url");
				json.writeStringProperty("url", url);
				json.writeEndObject();
			}
			json.writeEndArray();
		}

	}

	record PageVisit(String url, @Nullable String pattern) implements ServerToolUse {

		@Override
		public String tool() {
			return "web_search";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			return webItem(ids, number, (json) -> visit(json, "", ""),
					(json) -> visit(json, this.url, String.valueOf(this.pattern)));
		}

		@Override
		public String openedPage() {
			return this.url;
		}

		private void visit(JsonGenerator json, String where, String what) {
			json.writeStringProperty("type", (this.pattern != null) ? "find_in_page" : "open_page");
			json.writeStringProperty("url", where);
			if (this.pattern != null) {
				json.writeStringProperty("pattern", what);
			}
		}

	}

	record XSearch(String query, List<String> posts) implements ServerToolUse {

		@Override
		public String tool() {
			return "x_search";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			String input = Json.text((json) -> json.writeStringProperty("query", this.query));
			ToolItem item = new ToolItem("ctc_" + ids.response() + "_xs_" + ids.call(number), "custom_tool_call",
					(json) -> call(json, ids, number, ""), (json) -> call(json, ids, number, input));
			return item.with("custom_tool_call_input.delta", (json) -> json.writeStringProperty("delta", input))
				.with("custom_tool_call_input.done", (json) -> json.writeStringProperty("input", input));
		}

		private static void call(JsonGenerator json, ItemIds ids, int number, String input) {
			json.writeStringProperty("call_id", "xs_" + ids.call(number));
			json.writeStringProperty("input", input);
			json.writeStringProperty("name", "x_keyword_search");
		}

	}

	record CodeRun(String code) implements ServerToolUse {

		@Override
		public String tool() {
			return "code_interpreter";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			String arguments = Json.text((json) -> json.writeStringProperty("code", this.code));
			ToolItem item = new ToolItem("ci_" + ids.response() + "_" + ids.call(number), "code_interpreter_call",
					(json) -> call(json, ids, number, ""), (json) -> call(json, ids, number, arguments));
			return item.with("code_interpreter_call.in_progress")
				.with("code_interpreter_call_code.delta", (json) -> json.writeStringProperty("delta", this.code))
				.with("code_interpreter_call_code.done", (json) -> json.writeStringProperty("code", this.code))
				.with("code_interpreter_call.interpreting")
				.with("code_interpreter_call.completed");
		}

		private static void call(JsonGenerator json, ItemIds ids, int number, String arguments) {
			json.writeStringProperty("call_id", ids.call(number));
			json.writeStringProperty("name", "code_execution");
			json.writeStringProperty("arguments", arguments);
			json.writeArrayPropertyStart("outputs");
			json.writeEndArray();
		}

	}

	record FileSearch(String query, List<String> texts) implements ServerToolUse {

		@Override
		public String tool() {
			return "file_search";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			ToolItem item = new ToolItem("fs_" + ids.response() + "_" + ids.call(number), "file_search_call",
					(json) -> results(json, List.of(), List.of()),
					(json) -> results(json, List.of(this.query), withResults ? this.texts : List.of()));
			return item.with("file_search_call.in_progress")
				.with("file_search_call.searching")
				.with("file_search_call.completed");
		}

		@Override
		public boolean isOutputHidden() {
			return false;
		}

		private static void results(JsonGenerator json, List<String> queries, List<String> texts) {
			json.writeArrayPropertyStart("queries");
			queries.forEach(json::writeString);
			json.writeEndArray();
			json.writeArrayPropertyStart("results");
			for (int i = 0; i < texts.size(); i++) {
				json.writeStartObject();
				json.writeStringProperty("file_id", "file_" + (i + 1));
				json.writeStringProperty("filename", "document-" + (i + 1) + ".txt");
				json.writeNumberProperty("score", 1.0 / (i + 1));
				json.writeStringProperty("text", texts.get(i));
				json.writeEndObject();
			}
			json.writeEndArray();
		}

	}

	record McpRun(String server, String name, String arguments, String output) implements ServerToolUse {

		@Override
		public String tool() {
			return "mcp";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			ToolItem item = new ToolItem("mcp_" + ids.response() + "_" + ids.call(number), "mcp_call",
					(json) -> call(json, "", ""), (json) -> call(json, this.arguments, this.output));
			return item.with("mcp_call.in_progress")
				.with("mcp_call_arguments.delta", (json) -> json.writeStringProperty("delta", this.arguments))
				.with("mcp_call_arguments.done", (json) -> json.writeStringProperty("arguments", this.arguments))
				.with("mcp_call.completed");
		}

		@Override
		public boolean isOutputHidden() {
			return false;
		}

		/**
		 * Returns the item that lists the tools of the server before the first call.
		 */
		ToolItem list(ItemIds ids, int number) {
			ToolItem item = new ToolItem("mcpl_" + ids.response() + "_" + ids.call(number), "mcp_list_tools",
					(json) -> tools(json, false), (json) -> tools(json, true));
			return item.with("mcp_list_tools.in_progress").with("mcp_list_tools.completed");
		}

		private void call(JsonGenerator json, String input, String result) {
			json.writeStringProperty("server_label", this.server);
			json.writeStringProperty("name", this.name);
			json.writeStringProperty("arguments", input);
			json.writeStringProperty("output", result);
		}

		private void tools(JsonGenerator json, boolean known) {
			json.writeStringProperty("server_label", this.server);
			json.writeArrayPropertyStart("tools");
			if (known) {
				json.writeStartObject();
				json.writeStringProperty("name", this.name);
				json.writeStringProperty("description", "");
				json.writeObjectPropertyStart("input_schema");
				json.writeStringProperty("type", "object");
				json.writeEndObject();
				json.writeEndObject();
			}
			json.writeEndArray();
		}

	}

	record ImageGeneration(String prompt) implements ServerToolUse {

		/**
		 * Smallest valid GIF.
		 */
		private static final String IMAGE = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=";

		@Override
		public String tool() {
			return "image_generation";
		}

		@Override
		public ToolItem item(ItemIds ids, int number, boolean withResults) {
			ToolItem item = new ToolItem("ig_" + ids.response() + "_" + ids.call(number), "image_generation_call",
					(json) -> image(json, null), (json) -> image(json, IMAGE));
			return item.with("image_generation_call.in_progress")
				.with("image_generation_call.generating")
				.with("image_generation_call.completed");
		}

		@Override
		public boolean isOutputHidden() {
			return false;
		}

		private void image(JsonGenerator json, @Nullable String result) {
			json.writeStringProperty("prompt", this.prompt);
			if (result != null) {
				json.writeStringProperty("result", result);
			}
			else {
				json.writeNullProperty("result");
			}
		}

	}

}
