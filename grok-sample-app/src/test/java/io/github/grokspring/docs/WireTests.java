package io.github.grokspring.docs;

import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of {@code docs/testing.md}.
 */
class WireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(DocsApplication.class)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@Test
	void sendsTheEffortOfTheFastClient() {
		this.application.withPropertyValues("grok.clients.fast.reasoning-effort=none").run((context) -> {
			context.getBean("fast", ChatClient.class).prompt("Hello").call().content();

			assertThat(xai.lastRequest().parameter("reasoning_effort").stringValue()).isEqualTo("none");
		});
	}

}
