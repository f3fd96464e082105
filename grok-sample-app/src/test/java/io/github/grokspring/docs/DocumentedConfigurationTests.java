package io.github.grokspring.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application starts with each configuration that the documentation shows, of which
 * every property exists.
 */
class DocumentedConfigurationTests {

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

	static Stream<Path> configurations() {
		return Stream.concat(Documentation.files(Documentation.RESOURCES, ".yml").stream(),
				Stream.of(Path.of("src/main/resources/application.yml")));
	}

}
