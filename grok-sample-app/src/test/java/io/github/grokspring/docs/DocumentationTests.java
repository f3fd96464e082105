package io.github.grokspring.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.grokspring.docs.Documentation.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation shows is what is compiled, run and there.
 */
class DocumentationTests {

	private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)#]*)(?:#([^)]*))?\\)");

	@ParameterizedTest
	@MethodSource("javaBlocks")
	void javaIsCompiledCode(Block block) {
		assertThat(Documentation.files(Documentation.SNIPPETS, ".java")).as("sources with " + block.text())
			.anyMatch((source) -> block.isPartOf(Documentation.text(source)));
	}

	@ParameterizedTest
	@MethodSource("yamlBlocks")
	void yamlIsAConfigurationThatIsBound(Block block) {
		assertThat(Documentation.files(Documentation.RESOURCES, ".yml")).as("resources with " + block.text())
			.anyMatch((resource) -> block.isPartOf(Documentation.text(resource)));
	}

	@ParameterizedTest
	@MethodSource("xmlBlocks")
	void dependenciesAreModulesOfThisBuild(Block block) {
		String version = find("<version>([^<]+)</version>\\s*<packaging>pom",
				Documentation.text(Documentation.ROOT.resolve("pom.xml")));
		assertThat(find("<groupId>([^<]+)</groupId>", block.text())).isEqualTo("io.github.grokspring");
		assertThat(Documentation.ROOT.resolve(find("<artifactId>([^<]+)</artifactId>", block.text()))).isDirectory();
		assertThat(find("<version>([^<]+)</version>", block.text())).isEqualTo(version);
	}

	@Test
	void thereIsCodeOfEachKind() {
		assertThat(Documentation.blocks("java")).isNotEmpty();
		assertThat(Documentation.blocks("yaml")).isNotEmpty();
		assertThat(Documentation.blocks("xml")).isNotEmpty();
	}

	@Test
	void linksLeadSomewhere() {
		List<String> broken = new ArrayList<>();
		for (Path page : Documentation.pages()) {
			Matcher link = LINK.matcher(Documentation.text(page));
			while (link.find()) {
				if (!link.group(1).startsWith("http") && !leadsSomewhere(page, link.group(1), link.group(2))) {
					broken.add(page.getFileName() + ": " + link.group());
				}
			}
		}
		assertThat(broken).isEmpty();
	}

	private static boolean leadsSomewhere(Path page, String file, String anchor) {
		Path target = file.isEmpty() ? page : page.resolveSibling(file);
		if (!Files.exists(target)) {
			return false;
		}
		return anchor == null || Documentation.text(target)
			.lines()
			.filter((line) -> line.startsWith("#"))
			.anyMatch((heading) -> anchorOf(heading).equals(anchor));
	}

	private static String anchorOf(String heading) {
		return heading.replaceFirst("^#+ ", "")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9 -]", "")
			.replace(' ', '-');
	}

	private static String find(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return matcher.group(1);
	}

	static Stream<Block> javaBlocks() {
		return Documentation.blocks("java").stream();
	}

	static Stream<Block> yamlBlocks() {
		return Documentation.blocks("yaml").stream();
	}

	static Stream<Block> xmlBlocks() {
		return Documentation.blocks("xml").stream();
	}

}
