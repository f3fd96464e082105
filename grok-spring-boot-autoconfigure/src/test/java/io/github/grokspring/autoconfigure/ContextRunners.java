package io.github.grokspring.autoconfigure;

import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.chat.memory.autoconfigure.ChatMemoryAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Contexts as the starter makes them.
 */
final class ContextRunners {

	static final String KEY = "xai-0123456789abcdef";

	private ContextRunners() {
	}

	/**
	 * Everything that the starter brings, without a key.
	 */
	static ApplicationContextRunner starter() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class,
				ToolCallingAutoConfiguration.class, ChatClientAutoConfiguration.class,
				ChatMemoryAutoConfiguration.class, GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class));
	}

	/**
	 * Everything that the starter brings, with a key.
	 */
	static ApplicationContextRunner starterWithKey() {
		return starter().withPropertyValues("grok.api-key=" + KEY);
	}

}
