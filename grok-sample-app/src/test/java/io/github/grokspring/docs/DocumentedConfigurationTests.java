package io.github.grokspring.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application starts with each configuration that the documentation shows.
 */
class DocumentedConfigurationTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	@ParameterizedTest
	@MethodSource("configurations")
	void starts(Path configuration) {
		new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withUserConfiguration(DocsApplication.class)
			.withBean("localChatModel", ChatModel.class, () -> (prompt) -> new ChatResponse(List.of()),
					(definition) -> definition.setFallback(true))
			.withBean(XaiServer.class, XaiServer::start)
			// In place of a database
			.withBean(ChatMemoryRepository.class, InMemoryChatMemoryRepository::new)
			.withPropertyValues("spring.config.location=file:" + configuration,
					"GROK_KEY_FROM_THE_VAULT=xai-from-the-vault", "PROXY_PASSWORD=secret", "DATA_DIRECTORY=target/docs",
					"TICKETS_TOKEN=secret")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				boolean enabled = context.getEnvironment().getProperty("grok.enabled", Boolean.class, true);
				assertThat(context.containsBean("grokChatClient")).isEqualTo(enabled);
				assertThat(context.getBeanProvider(ChatClient.class).getIfAvailable() != null).isEqualTo(enabled);
			});
	}

	@ParameterizedTest
	@MethodSource("configurations")
	void usesPropertiesThatExist(Path configuration) throws IOException {
		Set<String> known = knownProperties();
		Set<String> unknown = new TreeSet<>();
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("docs",
				new FileSystemResource(configuration))) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				if (name.startsWith("grok.") && !isKnown(name, known)) {
					unknown.add(name);
				}
			}
		}
		assertThat(unknown).isEmpty();
	}

	private static boolean isKnown(String name, Set<String> known) {
		return known.contains(name) || name.startsWith("grok.http.headers.")
				|| name.startsWith("grok.redaction.patterns.") || name.startsWith("grok.cost.tool-fees.")
				|| known.contains(name.replaceFirst("\\[\\d+](\\..+)?$", ""))
				|| known.contains(name.replaceFirst("^grok\\.(clients|budgets)\\.[^.]+", "grok.$1.*"))
				|| known.contains(name.replaceFirst("^grok\\.models\\[[^]]+]", "grok.models.*"));
	}

	private static Set<String> knownProperties() throws IOException {
		Set<String> names = new TreeSet<>();
		List<URL> files = Collections.list(DocumentedConfigurationTests.class.getClassLoader().getResources(METADATA));
		for (URL file : files) {
			try (InputStream stream = file.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(stream).path("properties")) {
					names.add(property.path("name").stringValue());
				}
			}
		}
		return names;
	}

	static Stream<Path> configurations() {
		return Stream.concat(Documentation.files(Documentation.RESOURCES, ".yml").stream(),
				Stream.of(Path.of("src/main/resources/application.yml")));
	}

}
