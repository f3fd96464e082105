package io.github.grokspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.Tool;
import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.ChatRequest.ToolUse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@link DefaultResponder} with conversational responses: refers to the question and
 * earlier messages, calls requested tools, at most once per question, and reports their
 * results.
 */
final class ConversationalResponder implements DefaultResponder {

	static final Duration PACE = Duration.ofMillis(30);

	private static final Pattern NAME = Pattern.compile("(?i:my name is|call me|i am called)\\s+(\\p{Lu}[\\p{L}-]*)");

	private static final Pattern ASKS_FOR_NAME = Pattern.compile("(?i)\\b(what.*my name|who am i|remember me)\\b");

	@Override
	public Answer respond(Script script, ModelCall call) {
		ChatRequest request = call.request();
		int last = request.indexOfQuestion();
		String question = request.question();
		List<Message> sinceQuestion = request.messages().subList(last + 1, request.messages().size());
		QuestionWords words = new QuestionWords(question);
		Tool tool = requestedTool(request, words, calledTools(sinceQuestion));
		if (tool != null) {
			return new Answer(script, List.of()).andToolCall(tool.name(), arguments(tool, words));
		}
		List<String> pieces = Tokens.split(text(request, last, words, sinceQuestion));
		return PlainResponder.finished(new Answer(script, pieces), pieces, call);
	}

	private static String text(ChatRequest request, int last, QuestionWords words, List<Message> sinceQuestion) {
		JsonNode schema = request.requestedSchema();
		if (schema != null) {
			return SchemaSampler.of(schema, words::value).toString();
		}
		String results = results(sinceQuestion);
		if (request.responseFormat() == ResponseFormat.JSON_OBJECT) {
			return Json.LENIENT.createObjectNode()
				.put("question", words.question())
				.put("answer", results.isEmpty() ? PlainResponder.TEXT : results)
				.toString();
		}
		if (!results.isEmpty()) {
			return "You asked: \"" + words.question() + "\" Here is what I found. " + results;
		}
		return reply(words.question(), earlierQuestions(request.messages(), last));
	}

	private static String reply(String question, List<String> earlier) {
		if (ASKS_FOR_NAME.matcher(question).find()) {
			String name = null;
			for (String message : earlier) {
				name = nameIn(message, name);
			}
			return (name != null) ? "Your name is " + name + ", you told me earlier."
					: "You have not told me your name yet.";
		}
		String name = nameIn(question, null);
		StringBuilder text = new StringBuilder((name != null) ? "Nice to meet you, " + name + ". " : "");
		text.append("You said: \"").append(question).append("\" ");
		if (earlier.isEmpty()) {
			text.append("I am an offline mock of Grok, so I cannot say more about it.");
		}
		else {
			text.append("Before that you said: \"")
				.append(earlier.get(earlier.size() - 1))
				.append("\" I remember ")
				.append(earlier.size())
				.append((earlier.size() == 1) ? " earlier message of yours." : " earlier messages of yours.");
		}
		return text.toString();
	}

	private static @Nullable String nameIn(String text, @Nullable String previous) {
		Matcher matcher = NAME.matcher(text);
		return matcher.find() ? matcher.group(1) : previous;
	}

	private static List<String> earlierQuestions(List<Message> messages, int last) {
		List<String> earlier = new ArrayList<>();
		for (int i = 0; i < last; i++) {
			if ("user".equals(messages.get(i).role())) {
				earlier.add(messages.get(i).text().strip());
			}
		}
		return earlier;
	}

	private static Set<String> calledTools(List<Message> messages) {
		Set<String> called = new HashSet<>();
		messages.forEach((message) -> message.toolCalls().forEach((call) -> called.add(call.name())));
		return called;
	}

	private static @Nullable Tool requestedTool(ChatRequest request, QuestionWords words, Set<String> called) {
		if (request.toolUse() == ToolUse.NONE) {
			return null;
		}
		Tool required = PlainResponder.requiredTool(request);
		if (required != null && called.isEmpty()) {
			return required;
		}
		Tool best = null;
		int bestScore = 1;
		for (Tool tool : request.tools()) {
			int score = called.contains(tool.name()) ? 0 : words.relevance(tool);
			if (score > bestScore) {
				best = tool;
				bestScore = score;
			}
		}
		return best;
	}

	private static String arguments(Tool tool, QuestionWords words) {
		JsonNode schema = tool.parameters();
		return (schema != null) ? SchemaSampler.of(schema, words::value).toString() : "{}";
	}

	private static String results(List<Message> messages) {
		List<String> sentences = new ArrayList<>();
		for (Message message : messages) {
			if ("tool".equals(message.role())) {
				sentences
					.add("The tool " + toolName(messages, message.toolCallId()) + " says: " + message.text() + ".");
			}
		}
		return String.join(" ", sentences);
	}

	private static String toolName(List<Message> messages, @Nullable String id) {
		for (Message message : messages) {
			for (ToolCall call : message.toolCalls()) {
				if (call.id() != null && call.id().equals(id)) {
					return call.name();
				}
			}
		}
		return "you called";
	}

}
