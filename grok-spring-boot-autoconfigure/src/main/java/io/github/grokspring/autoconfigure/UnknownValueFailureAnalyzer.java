package io.github.grokspring.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/**
 * Explains a {@code grok.*} property with an unknown value where there is a list of known
 * ones, and lists them as they are written in configuration.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class UnknownValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("grok");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		ConversionFailedException conversion = findCause(cause, ConversionFailedException.class);
		if (property == null || conversion == null || !ROOT.isAncestorOf(property.getName())
				|| !conversion.getTargetType().getType().isEnum()) {
			return null;
		}
		Origin origin = property.getOrigin();
		String description = "'" + property.getName() + "' does not know the value '" + conversion.getValue() + "'."
				+ ((origin != null) ? " The value comes from " + origin + "." : "");
		return new FailureAnalysis(description,
				"Write one of these: " + values(conversion.getTargetType().getType()) + ".", cause);
	}

	private static String values(Class<?> type) {
		return Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
			.map((name) -> name.replaceAll("(\\d)_(\\d)", "$1.$2").replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

}
