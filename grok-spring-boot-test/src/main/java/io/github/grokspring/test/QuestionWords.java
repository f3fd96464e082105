package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.test.ChatRequest.Tool;
import io.github.grokspring.test.SchemaSampler.Property;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Words of a question, to select tools and to derive arguments. Not thread-safe, because
 * numbers are used only once.
 */
final class QuestionWords {

	private static final int MIN_LENGTH = 3;

	private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

	private static final Pattern CAMEL_HUMP = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");

	private static final Pattern CAPITALIZED = Pattern.compile("\\p{Lu}[\\p{L}'-]*(?:\\s+\\p{Lu}[\\p{L}'-]*)*");

	private static final Pattern QUOTED = Pattern.compile("[\"“']([^\"”']{2,})[\"”']");

	private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?");

	private static final Set<String> STOP_WORDS = Set.of("get", "set", "find", "fetch", "search", "lookup", "the",
			"and", "for", "with", "from", "this", "that", "what", "which", "who", "how", "are", "you", "your", "can",
			"tool", "function", "current", "given", "returns", "return", "about", "tell", "please", "give", "has",
			"have", "its", "name", "does", "will", "into", "was", "not");

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private final String question;

	private final Set<String> stems;

	private final Deque<String> numbers = new ArrayDeque<>();

	QuestionWords(String question) {
		this.question = question;
		this.stems = stems(question);
		Matcher matcher = NUMBER.matcher(question);
		while (matcher.find()) {
			this.numbers.add(matcher.group());
		}
	}

	String question() {
		return this.question;
	}

	/**
	 * Returns the relevance of a tool: 2 for each matching word of its name, 1 for each
	 * of its description.
	 */
	int relevance(Tool tool) {
		Set<String> name = stems(tool.name());
		Set<String> description = stems(tool.description());
		description.removeAll(name);
		name.retainAll(this.stems);
		description.retainAll(this.stems);
		return 2 * name.size() + description.size();
	}

	/**
	 * Returns a value for a property, or {@code null} if the question has none.
	 */
	@Nullable JsonNode value(Property property) {
		JsonNode choices = property.schema().path("enum");
		if (!choices.isEmpty()) {
			return mentioned(choices);
		}
		if (property.schema().has("format")) {
			return null;
		}
		return switch (property.type()) {
			case "string" -> NODES.stringNode(phrase());
			case "integer" -> this.numbers.isEmpty() ? null : number(true);
			case "number" -> this.numbers.isEmpty() ? null : number(false);
			default -> null;
		};
	}

	private JsonNode number(boolean integer) {
		double number = Double.parseDouble(this.numbers.remove());
		return integer ? NODES.numberNode(Math.round(number)) : NODES.numberNode(number);
	}

	private @Nullable JsonNode mentioned(JsonNode choices) {
		for (JsonNode choice : choices) {
			if (choice.isString() && this.stems.containsAll(stems(choice.stringValue()))
					&& !stems(choice.stringValue()).isEmpty()) {
				return choice;
			}
		}
		return null;
	}

	/**
	 * Returns quoted words, else the last capitalized words except the first one, else
	 * the last word.
	 */
	private String phrase() {
		Matcher quoted = QUOTED.matcher(this.question);
		if (quoted.find()) {
			return quoted.group(1);
		}
		String phrase = null;
		Matcher capitalized = CAPITALIZED.matcher(this.question);
		while (capitalized.find()) {
			boolean lone = capitalized.group().length() == 1;
			if (capitalized.start() > 0 && !lone) {
				phrase = capitalized.group();
			}
		}
		if (phrase != null) {
			return phrase;
		}
		String last = this.question;
		Matcher words = WORD.matcher(this.question);
		while (words.find()) {
			last = words.group();
		}
		return last;
	}

	private static Set<String> stems(String text) {
		Set<String> stems = new HashSet<>();
		Matcher words = WORD.matcher(CAMEL_HUMP.matcher(text).replaceAll(" "));
		while (words.find()) {
			String word = words.group().toLowerCase(Locale.ROOT);
			if (word.length() >= MIN_LENGTH && !STOP_WORDS.contains(word)) {
				stems.add((word.length() > MIN_LENGTH && word.endsWith("s")) ? word.substring(0, word.length() - 1)
						: word);
			}
		}
		return stems;
	}

}
