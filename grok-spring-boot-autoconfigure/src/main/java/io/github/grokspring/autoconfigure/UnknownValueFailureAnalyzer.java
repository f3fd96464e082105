package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneId;
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
import org.springframework.util.unit.DataSize;

/**
 * {@link AbstractFailureAnalyzer} for a {@code grok.*} property whose value cannot be
 * converted. Lists the supported values, or describes the format, for example of a
 * duration.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class UnknownValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("grok");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		ConversionFailedException conversion = innermost(cause);
		if (property == null || conversion == null || !ROOT.isAncestorOf(property.getName())) {
			return null;
		}
		Class<?> type = conversion.getTargetType().getObjectType();
		Origin origin = property.getOrigin();
		String from = (origin != null) ? " The value comes from " + origin + "." : "";
		if (type.isEnum()) {
			return new FailureAnalysis("'" + property.getName() + "' is '" + conversion.getValue()
					+ "', which is not a supported value." + from, "Set the property to one of: " + values(type) + ".",
					cause);
		}
		Form form = Form.of(type, String.valueOf(conversion.getValue()));
		return new FailureAnalysis("'" + property.getName() + "' is '" + conversion.getValue() + "', which is "
				+ form.problem + "." + from, "Set the property to " + form.action + ".", cause);
	}

	private @Nullable ConversionFailedException innermost(Throwable cause) {
		ConversionFailedException found = findCause(cause, ConversionFailedException.class);
		ConversionFailedException next = found;
		while (next != null) {
			found = next;
			next = (next.getCause() != null) ? findCause(next.getCause(), ConversionFailedException.class) : null;
		}
		return found;
	}

	private static String values(Class<?> type) {
		return Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
			.map((name) -> name.replaceAll("(\\d)_(\\d)", "$1.$2").replace('_', '-'))
			.collect(Collectors.joining(", "));
	}

	/**
	 * Formats of values.
	 */
	private enum Form {

		DURATION("not a duration", "a number and a unit without a space, for example 500ms, 30s, 10m or 1h"),

		SIZE("not a data size", "a number and a unit without a space, for example 512KB or 64MB"),

		SWITCH("neither true nor false", "true or false"),

		WHOLE_NUMBER("not a whole number", "digits without a unit or thousands separators, for example 10"),

		TOO_LARGE("too large", "a smaller number"),

		ZONE("not a time zone", "a time zone, for example UTC, Europe/Berlin or America/New_York"),

		MONTH("not a month", "a year and a month, for example 2026-05"),

		NUMBER("not a number", "a number without a currency or unit and with a decimal point, for example 50 or 0.5"),

		OTHER("not a valid value", "a value that docs/configuration.md describes, or remove it");

		private final String problem;

		private final String action;

		Form(String problem, String action) {
			this.problem = problem;
			this.action = action;
		}

		static Form of(Class<?> type, String value) {
			if (type == Duration.class) {
				return DURATION;
			}
			if (type == DataSize.class) {
				return SIZE;
			}
			if (type == Boolean.class) {
				return SWITCH;
			}
			if (type == Integer.class || type == Long.class) {
				return value.strip().matches("\\d+") ? TOO_LARGE : WHOLE_NUMBER;
			}
			if (type == ZoneId.class) {
				return ZONE;
			}
			if (type == YearMonth.class) {
				return MONTH;
			}
			return Number.class.isAssignableFrom(type) ? NUMBER : OTHER;
		}

	}

}
