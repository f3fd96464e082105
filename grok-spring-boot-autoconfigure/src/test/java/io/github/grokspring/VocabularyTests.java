package io.github.grokspring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the words of texts that users read, and the names of types.
 */
class VocabularyTests {

	private static final List<String> AVOIDED = List.of("whoever", "whomever", "nobody", "somebody", "anybody", "anew",
			"(?:is|are|was|were|be|been) told", "dearer", "thereof", "whereof", "of which nobody", "in vain", "at hand",
			"such as is", "those who", "he who", "would be though", "of whom", "thereby", "herein", "whosoever",
			"other than it");

	private static final Pattern AVOIDED_WORDS = Pattern.compile("\\b(?:" + String.join("|", AVOIDED) + ")\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern COMMENT_OR_LITERAL = Pattern
		.compile("(?s)/\\*.*?\\*/|//[^\\n]*|'(?:\\\\.|[^'\\\\\\n])'|(\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")");

	private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

	private static final Path LIBRARY = ROOT.resolve("grok-spring-boot-autoconfigure/src/main");

	private static final Path SERVER = ROOT.resolve("grok-spring-boot-test/src/main");

	@Test
	void documentationHasNoAvoidedWords() {
		List<Path> pages = Stream.concat(files(ROOT.resolve("docs"), ".md").stream(), topLevelPages().stream())
			.toList();
		assertThat(pages).hasSizeGreaterThan(20);
		assertThat(avoidedWords(pages, Function.identity())).isEmpty();
	}

	@Test
	void propertyDescriptionsHaveNoAvoidedWords() {
		List<Path> files = new ArrayList<>(files(LIBRARY.resolve("resources"), ".json"));
		files.addAll(files(LIBRARY.resolve("java"), "Properties.java"));
		assertThat(files).hasSizeGreaterThan(20);
		assertThat(avoidedWords(files, Function.identity())).isEmpty();
	}

	@Test
	void messagesHaveNoAvoidedWords() {
		List<Path> sources = new ArrayList<>(files(LIBRARY.resolve("java"), ".java"));
		sources.addAll(files(SERVER.resolve("java"), ".java"));
		assertThat(sources).hasSizeGreaterThan(300);
		// Instructions for models are part of requests and stay as they are
		sources.removeIf((file) -> file.endsWith("HmacPromptGuard.java"));
		assertThat(avoidedWords(sources, VocabularyTests::literals)).isEmpty();
	}

	@Test
	void avoidedWordsAreFoundInLiteralsOnly() {
		String source = """
				// whoever
				String a = "It is told by nobody"; /* somebody */ char c = '"'; String b = "fine";
				""";
		assertThat(literals(source)).contains("It is told by nobody", "fine").doesNotContain("whoever", "somebody");
		assertThat(AVOIDED_WORDS.matcher(literals(source)).results()).hasSize(2);
	}

	@Test
	void namesOfTypesAreUnique() {
		Map<String, List<String>> types = new TreeMap<>();
		for (Path sources : List.of(LIBRARY.resolve("java"), SERVER.resolve("java"))) {
			for (Path file : files(sources, ".java")) {
				String name = file.getFileName().toString();
				if (!name.equals("package-info.java")) {
					types.computeIfAbsent(name, (key) -> new ArrayList<>()).add(sources.relativize(file).toString());
				}
			}
		}
		assertThat(types).hasSizeGreaterThan(300);
		types.values().removeIf((files) -> files.size() == 1);
		assertThat(types).isEmpty();
	}

	private static List<String> avoidedWords(List<Path> files, Function<String, String> texts) {
		List<String> found = new ArrayList<>();
		for (Path file : files) {
			String text = texts.apply(read(file));
			Matcher matcher = AVOIDED_WORDS.matcher(text);
			while (matcher.find()) {
				long line = text.substring(0, matcher.start()).chars().filter((c) -> c == '\n').count() + 1;
				found.add(ROOT.relativize(file) + ":" + line + ": " + matcher.group());
			}
		}
		return found;
	}

	/**
	 * Blanks out what is no string literal and keeps the lines.
	 */
	private static String literals(String source) {
		StringBuilder literals = new StringBuilder();
		int end = 0;
		Matcher matcher = COMMENT_OR_LITERAL.matcher(source);
		while (matcher.find()) {
			literals.append(lineBreaks(source.substring(end, matcher.start())));
			literals.append((matcher.group(1) != null) ? matcher.group(1) : lineBreaks(matcher.group()));
			end = matcher.end();
		}
		return literals.toString();
	}

	private static String lineBreaks(String text) {
		return text.replaceAll("[^\\n]", "");
	}

	private static List<Path> topLevelPages() {
		try (Stream<Path> files = Files.list(ROOT)) {
			return files.filter((file) -> file.toString().endsWith(".md")).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> files(Path folder, String suffix) {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(suffix)).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
