package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What is logged when a stream fails.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamErrorLogFilterTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final String LOGGER = "org.springframework.ai.chat.model.MessageAggregator";

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@Test
	void failedStreamLogsNoStackTrace(CapturedOutput output) {
		failingStream();
		assertThat(output.getAll()).doesNotContain(" ERROR ").doesNotContain("\tat ");
	}

	@Test
	void applicationCanSetTheLevel(CapturedOutput output) {
		failingStream("--logging.level." + LOGGER + "=error");
		assertThat(output.getAll()).contains(" ERROR ");
	}

	private static void failingStream(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		List<String> all = new ArrayList<>(List.of("--grok.base-url=" + xai.baseUrl(), "--grok.api-key=" + xai.apiKey(),
				"--grok.retry.enabled=false", "--grok.warm-up=false"));
		all.addAll(List.of(arguments));
		try (ConfigurableApplicationContext context = application.run(all.toArray(String[]::new))) {
			xai.answersInChunks(10).breaksAfter(4);
			ChatClient client = context.getBean(ChatClient.class)
				.mutate()
				.defaultAdvisors(MessageChatMemoryAdvisor.builder(MessageWindowChatMemory.builder().build()).build())
				.build();
			assertThatException().isThrownBy(() -> client.prompt("hi")
				.advisors((advisors) -> advisors.param("chat_memory_conversation_id", "one"))
				.stream()
				.content()
				.blockLast(Duration.ofSeconds(30)));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ToolCallingAutoConfiguration.class,
			ChatClientAutoConfiguration.class, GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class })
	static class Application {

	}

}
