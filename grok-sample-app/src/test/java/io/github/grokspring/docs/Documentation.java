package io.github.grokspring.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * README and {@code docs/} of this repository, and the code that they take from.
 */
final class Documentation {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	static final Path SNIPPETS = Path.of("src/test/java/io/github/grokspring/docs");

	static final Path RESOURCES = Path.of("src/test/resources/docs");

	private static final String FENCE = "```";

	private Documentation() {
	}

	/**
	 * The pages that users read.
	 * @return markdown files
	 */
	static List<Path> pages() {
		List<Path> pages = new ArrayList<>();
		for (String page : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")) {
			pages.add(ROOT.resolve(page));
		}
		pages.addAll(files(ROOT.resolve("docs"), ".md"));
		return pages;
	}

	/**
	 * The fenced blocks of all pages.
	 * @param language what is written behind the fence
	 * @return the blocks
	 */
	static List<Block> blocks(String language) {
		return pages().stream().flatMap((page) -> blocks(page, language).stream()).toList();
	}

	private static List<Block> blocks(Path page, String language) {
		List<Block> blocks = new ArrayList<>();
		List<String> open = null;
		String openLanguage = "";
		int begin = 0;
		List<String> lines = lines(page);
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			if (!line.startsWith(FENCE)) {
				if (open != null) {
					open.add(line);
				}
			}
			else if (open == null) {
				open = new ArrayList<>();
				openLanguage = line.substring(FENCE.length());
				begin = i + 1;
			}
			else {
				if (openLanguage.equals(language)) {
					blocks.add(new Block(page.getFileName() + ":" + begin, String.join("\n", open)));
				}
				open = null;
			}
		}
		return blocks;
	}

	static List<Path> files(Path folder, String suffix) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter((file) -> file.toString().endsWith(suffix)).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String text(Path file) {
		return String.join("\n", lines(file));
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A fenced block.
	 *
	 * @param place page and line where it begins
	 * @param text what it says
	 */
	record Block(String place, String text) {

		/**
		 * Whether the block is a part of a text, however far the text indents it.
		 * @param whole the text
		 * @return whether it is
		 */
		boolean isPartOf(String whole) {
			List<String> lines = whole.lines().toList();
			List<String> wanted = this.text.lines().toList();
			for (int start = 0; start + wanted.size() <= lines.size(); start++) {
				if (matches(lines.subList(start, start + wanted.size()), wanted)) {
					return true;
				}
			}
			return false;
		}

		private static boolean matches(List<String> lines, List<String> wanted) {
			String first = lines.get(0);
			String indent = first.substring(0, first.length() - first.stripLeading().length());
			for (int i = 0; i < wanted.size(); i++) {
				String expected = wanted.get(i).isEmpty() ? "" : indent + wanted.get(i);
				if (!lines.get(i).equals(expected)) {
					return false;
				}
			}
			return true;
		}

		@Override
		public String toString() {
			return this.place;
		}

	}

}
