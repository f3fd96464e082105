package io.github.grokspring.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link AbstractFailureAnalyzer} for a missing client or model when Grok is disabled.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class GrokDisabledFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String ENABLED = "grok.enabled";

	private static final Set<String> TYPES = Set.of("org.springframework.ai.chat.client.ChatClient",
			"org.springframework.ai.chat.client.ChatClient$Builder", "org.springframework.ai.chat.model.ChatModel");

	private final Environment environment;

	GrokDisabledFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		if (type == null || cause instanceof NoUniqueBeanDefinitionException || !isOurs(type)
				|| !"false".equalsIgnoreCase(this.environment.getProperty(ENABLED))) {
			return null;
		}
		return new FailureAnalysis(
				"A bean of type '" + type.getName() + "' is required, but '" + ENABLED + "' is 'false'."
						+ PropertyOrigin.sentence(this.environment, ENABLED),
				"Set '" + ENABLED
						+ "' to 'true'. To keep Grok disabled, set 'grok.when-disabled' to 'stub' to create clients and a"
						+ " model whose calls fail, or inject an ObjectProvider.",
				cause);
	}

	private static boolean isOurs(Class<?> type) {
		return TYPES.contains(type.getName()) || type.getName().startsWith("io.github.grokspring.");
	}

}
