package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.Set;

import io.github.grokspring.fallback.FallbackReason;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the fallback to other models.
 *
 * @param models Comma-separated list of xAI models to use, in order, when the requested
 * model fails.
 * @param chatModels Comma-separated list of ChatModel bean names to use after the
 * fallback models, in order, for example of another provider.
 * @param on Comma-separated list of failures that trigger the fallback.
 */
// @formatter:off
@ConfigurationProperties("grok.fallback")
record GrokFallbackProperties(@DefaultValue List<String> models, @DefaultValue List<String> chatModels,
		@DefaultValue({ "server-error", "overloaded", "timeout", "connection", "rate-limited", "circuit-open" })
		Set<FallbackReason> on) {
	// @formatter:on

	GrokFallbackProperties {
		models = stripped("models", models, "Replace it with the id of a model");
		chatModels = stripped("chat-models", chatModels, "Replace it with the name of a ChatModel bean");
		on = Set.copyOf(on);
		if (on.isEmpty() && !(models.isEmpty() && chatModels.isEmpty())) {
			throw unusedFallback("on");
		}
	}

	static GrokConfigurationException unusedFallback(String property) {
		return new GrokConfigurationException(property, "is empty, so the fallback would never be used",
				"Set the property to failures, for example 'server-error', or remove it to use the default.");
	}

	boolean namesModels() {
		return !(this.models.isEmpty() && this.chatModels.isEmpty());
	}

	private static List<String> stripped(String name, List<String> values, String action) {
		List<String> stripped = values.stream().map(String::strip).toList();
		if (stripped.contains("")) {
			throw new GrokConfigurationException(name, "contains an empty entry", action + ", or remove it.");
		}
		return stripped;
	}

}
