package io.github.grokspring.autoconfigure;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Switches off a logger of Spring AI that writes the stack trace of every failed stream
 * at {@code ERROR}, once for each aggregator that the stream passes. The subscriber
 * receives the failure anyway. Has the lowest precedence, so that the application can set
 * another level.
 */
final class StreamErrorLogFilter implements EnvironmentPostProcessor {

	private static final String LEVEL = "logging.level.org.springframework.ai.chat.model.MessageAggregator";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (environment.getProperty("grok.enabled", Boolean.class, true)) {
			environment.getPropertySources()
				.addLast(new MapPropertySource("grokDefaultLogLevels", Map.of(LEVEL, "off")));
		}
	}

}
