package io.github.grokspring.golden;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.grokspring.test.XaiServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mistakes that end the start: the exception, and the properties that its analysis names.
 * {@code -Dgolden.write=true} regenerates the file.
 */
class StartFailuresTests {

	private static final String KEY = "grok.api-key=" + XaiServer.API_KEY;

	private static final Pattern PROPERTY = Pattern.compile("'?(grok\\.[a-z][\\w.\\[\\]-]*|XAI_API_KEY)");

	@Test
	void failuresNameTheSameProperties() {
		Map<String, String> lines = new TreeMap<>();
		mistakes().forEach((name, properties) -> lines.put(name, failure(properties)));
		Golden.verify("start-failures.txt",
				lines.entrySet()
					.stream()
					.map((line) -> line.getKey() + " | " + line.getValue() + "\n")
					.collect(Collectors.joining()));
	}

	private static Map<String, List<String>> mistakes() {
		Map<String, List<String>> mistakes = new TreeMap<>();
		mistakes.put("no key", List.of("XAI_API_KEY="));
		mistakes.put("blank key", List.of("grok.api-key=  ", "XAI_API_KEY="));
		mistakes.put("key of two lines", List.of("grok.api-key=xai-abc\ndef"));
		mistakes.put("key of another provider", List.of("grok.api-key=sk-abcdef"));
		mistakes.put("management key", List.of("grok.api-key=xai-token-abcdef"));
		mistakes.put("placeholder of the documentation", List.of("grok.api-key=xai-your-key-here"));
		mistakes.put("base URL without scheme", List.of(KEY, "grok.base-url=api.x.ai/v1"));
		mistakes.put("base URL without version", List.of(KEY, "grok.base-url=https://api.x.ai"));
		mistakes.put("base URL with the version twice", List.of(KEY, "grok.base-url=https://api.x.ai/v1/v1"));
		mistakes.put("base URL of an endpoint", List.of(KEY, "grok.base-url=https://api.x.ai/v1/chat/completions"));
		mistakes.put("base URL without encryption", List.of(KEY, "grok.base-url=http://gateway.example.com/v1"));
		mistakes.put("unknown enum value", List.of(KEY, "grok.chat.transport=pigeon"));
		mistakes.put("unknown enum value of a client", List.of(KEY, "grok.clients.deep.reasoning-effort=extreme"));
		mistakes.put("unknown property", List.of(KEY, "grok.chat.modle=grok-4.3"));
		mistakes.put("allowed and excluded domains", List.of(KEY, "grok.chat.tools.web-search.allowed-domains=a.com",
				"grok.chat.tools.web-search.excluded-domains=b.com"));
		mistakes.put("allowed and excluded handles", List.of(KEY, "grok.chat.tools.x-search.allowed-handles=a",
				"grok.chat.tools.x-search.excluded-handles=b"));
		mistakes.put("six domains", List.of(KEY, "grok.chat.tools.web-search.allowed-domains=a,b,c,d,e,f"));
		mistakes.put("twenty-one handles",
				List.of(KEY, "grok.chat.tools.x-search.allowed-handles=" + "a,".repeat(20) + "b"));
		mistakes.put("effort that the model refuses",
				List.of(KEY, "grok.chat.model=grok-4.7", "grok.chat.reasoning-effort=none"));
		mistakes.put("client called like a bean", List.of(KEY, "grok.clients.grok.model=grok-4.5"));
		mistakes.put("rates in Redis", List.of(KEY, "grok.rate-limit.store=redis"));
		mistakes.put("budgets in Redis", List.of(KEY, "grok.budget.store=redis", "grok.budgets.daily.limit=1"));
		mistakes.put("unknown downgrade model", List.of(KEY, "grok.budgets.daily.limit=1",
				"grok.budgets.daily.on-exceeded=downgrade", "grok.budgets.daily.downgrade-model=grok-4.33"));
		mistakes.put("unknown fallback model", List.of(KEY, "grok.fallback.models=grok-4.33"));
		mistakes.put("unknown fallback bean", List.of(KEY, "grok.fallback.chat-models=remote"));
		mistakes.put("ledger that cannot be written",
				List.of(KEY, "grok.budgets.daily.limit=1", "grok.budget.file=pom.xml/ledger"));
		mistakes.put("chat memory without a database", List.of(KEY, "grok.memory.store=jdbc"));
		return mistakes;
	}

	private static String failure(List<String> properties) {
		StringBuilder line = new StringBuilder();
		Applications.starter().withPropertyValues(properties.toArray(String[]::new)).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).as("%s", properties).isNotNull();
			line.append(NestedExceptionUtils.getMostSpecificCause(failure).getClass().getSimpleName()).append(" | ");
			FailureAnalysis analysis = analysis(failure);
			assertThat(analysis).as("%s", properties).isNotNull();
			assertThat(analysis.getAction()).isNotBlank();
			line.append(properties(analysis.getDescription()));
		});
		return line.toString();
	}

	private static @Nullable FailureAnalysis analysis(Throwable failure) {
		ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
			.and(Environment.class, new StandardEnvironment());
		return SpringFactoriesLoader.forDefaultResourceLocation(StartFailuresTests.class.getClassLoader())
			.load(FailureAnalyzer.class, arguments,
					(type, name, absent) -> assertThat(name).doesNotContain("grokspring"))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElse(null);
	}

	private static String properties(String description) {
		return PROPERTY.matcher(description)
			.results()
			.map((MatchResult result) -> result.group(1).replaceFirst("[.-]$", ""))
			.collect(Collectors.toCollection(TreeSet::new))
			.toString();
	}

}
