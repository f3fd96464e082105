package io.github.grokspring.test;

import java.util.Locale;
import java.util.regex.Pattern;

import io.github.grokspring.test.ChatRequest.ToolUse;
import tools.jackson.databind.JsonNode;

/**
 * Selects the server-side tools that the question asks for. If a tool is required, uses
 * at least the first one.
 */
final class ServerToolSelector {

	private static final Pattern WEB = words("news|search|web|internet|latest|today|current|currently|online");

	private static final Pattern X = Pattern
		.compile("\\bX\\b|(?i:\\b(twitter|tweets?|posts?|posted|trending|people are saying)\\b)");

	private static final Pattern CODE = words("calculate|compute|calculation|run|execute|python");

	private static final Pattern FILES = words("files?|documents?|collections?|handbook|manual");

	private static final Pattern IMAGE = words("draw|paint|picture|image|illustrate");

	private static final Pattern OTHER_THAN_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

	private final ModelCall call;

	private final String question;

	private final Answer answer;

	private boolean used;

	private ServerToolSelector(ModelCall call, Answer answer) {
		this.call = call;
		this.question = call.request().question();
		this.answer = answer;
	}

	static void on(ModelCall call, Answer answer) {
		if (call.request().toolUse() != ToolUse.NONE && !call.serverTools().isEmpty() && turns(call) > 0) {
			new ServerToolSelector(call, answer).use();
		}
	}

	private void use() {
		boolean required = this.call.request().toolUse() == ToolUse.REQUIRED && this.call.request().tools().isEmpty();
		for (JsonNode tool : this.call.serverTools().definitions()) {
			String type = tool.get("type").stringValue();
			if (isRequestedBy(type, tool) || (required && !this.used)) {
				this.used = true;
				use(type, tool);
			}
		}
	}

	private boolean isRequestedBy(String type, JsonNode tool) {
		return switch (type) {
			case "web_search" -> WEB.matcher(this.question).find();
			case "x_search" -> X.matcher(this.question).find();
			case "code_interpreter" -> CODE.matcher(this.question).find();
			case "file_search" -> FILES.matcher(this.question).find();
			case "mcp" -> this.question.toLowerCase(Locale.ROOT)
				.contains(tool.get("server_label").stringValue().toLowerCase(Locale.ROOT));
			case "image_generation" -> IMAGE.matcher(this.question).find();
			default -> false;
		};
	}

	private void use(String type, JsonNode tool) {
		switch (type) {
			case "web_search" -> searchTheWeb(tool);
			case "x_search" -> {
				String post = "https://x.com/" + firstOf(tool, "allowed_x_handles", "i")
						+ "/status/1990000000000000001";
				this.answer.searchingX(this.call.request().topic(), post).citing(post);
			}
			case "code_interpreter" -> this.answer.runningCode("print(\"" + slug() + "\")");
			case "file_search" ->
				this.answer.searchingFiles(this.call.request().topic(), "Content of a file on the mock server.");
			case "mcp" -> this.answer.callingMcp(tool.get("server_label").stringValue(),
					firstOf(tool, "allowed_tools", "ask"), "{}", "Output of the mock server.");
			case "image_generation" -> this.answer.makingAnImage(this.call.request().topic());
			default -> {
				// Shell and tool search need actions of the client, which are not
				// simulated
			}
		}
	}

	private void searchTheWeb(JsonNode tool) {
		String domain = firstOf(tool, "allowed_domains",
				firstOf(tool.path("filters"), "allowed_domains", "example.com"));
		String page = "https://" + domain + "/" + slug();
		this.answer.searchingTheWeb(this.call.request().topic(), page, "https://" + domain + "/archive");
		if (turns(this.call) > 1) {
			this.answer.openingPage(page);
		}
		this.answer.citing(page);
	}

	private String slug() {
		String slug = OTHER_THAN_WORD.matcher(this.call.request().topic().toLowerCase(Locale.ROOT)).replaceAll("-");
		return slug.replaceAll("^-|-$", "");
	}

	private static int turns(ModelCall call) {
		Integer limit = (call instanceof ResponsesCall responses) ? responses.responsesRequest().maxTurns() : null;
		return (limit != null) ? limit : Integer.MAX_VALUE;
	}

	private static String firstOf(JsonNode tool, String list, String fallback) {
		return tool.path(list).path(0).stringValue(fallback);
	}

	private static Pattern words(String alternatives) {
		return Pattern.compile("\\b(" + alternatives + ")\\b", Pattern.CASE_INSENSITIVE);
	}

}
