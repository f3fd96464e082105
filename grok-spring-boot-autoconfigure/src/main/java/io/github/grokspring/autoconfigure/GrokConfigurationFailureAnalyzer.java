package io.github.grokspring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link AbstractFailureAnalyzer} for a {@link GrokConfigurationException}. Takes
 * precedence over Spring Boot's analyzer of binding failures, whose report would be less
 * specific.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class GrokConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<GrokConfigurationException> {

	private final Environment environment;

	GrokConfigurationFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, GrokConfigurationException cause) {
		String property = fullName(findCause(rootFailure, BindException.class), cause.property());
		String description = "'" + property + "' " + cause.problem() + "."
				+ PropertyOrigin.sentence(this.environment, property);
		return new FailureAnalysis(description, cause.action(), cause);
	}

	// Keys of maps may not be valid property names, for example TICKET
	private static String fullName(@Nullable BindException binding, String property) {
		if (binding == null) {
			return property;
		}
		ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(property);
		return (name != null) ? binding.getName().append(name).toString() : binding.getName() + "." + property;
	}

}
