package io.github.grokspring.autoconfigure;

import java.util.Set;

import io.github.grokspring.fallback.FallbackReason;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Reads {@code grok.fallback.on} when it is not quoted in YAML, which parses the key
 * {@code on} as {@code true}. The property would otherwise be silently ignored.
 */
final class UnquotedYamlOn {

	private static final String ON = "grok.fallback.on";

	private static final String BARE = "grok.fallback[true]";

	private static final ConfigurationPropertyName BARE_NAME = ConfigurationPropertyName.of(BARE);

	private static final Bindable<Set<FallbackReason>> REASONS = Bindable.setOf(FallbackReason.class);

	private UnquotedYamlOn() {
	}

	/**
	 * Returns whether a property is the unquoted one.
	 * @param property the name of the property, or of an element of its list
	 * @return {@code true} if it is the unquoted property
	 */
	static boolean isWritten(ConfigurationPropertyName property) {
		return BARE_NAME.equals(property) || BARE_NAME.isAncestorOf(property);
	}

	/**
	 * Returns the failures that cause the fallback.
	 * @param properties the bound properties
	 * @param environment the environment to read the unquoted property from
	 * @return the failures, whether or not the property is quoted
	 */
	static Set<FallbackReason> read(GrokFallbackProperties properties, Environment environment) {
		Binder binder = Binder.get(environment);
		if (binder.bind(ON, REASONS).isBound()) {
			return properties.on();
		}
		Set<FallbackReason> on = binder.bind(BARE, REASONS).orElse(properties.on());
		if (on.isEmpty() && properties.namesModels()) {
			throw GrokFallbackProperties.unusedFallback(ON);
		}
		return on;
	}

}
