package io.github.grokspring.autoconfigure;

import java.util.Set;

import io.github.grokspring.fallback.FallbackReason;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Reads {@code grok.fallback.on} where it is written without quotes in YAML, for which
 * {@code on} is another word for {@code true}. Unread, the property would be ignored
 * without a word.
 */
final class UnquotedYamlOn {

	private static final String ON = "grok.fallback.on";

	private static final String BARE = "grok.fallback[true]";

	private static final ConfigurationPropertyName BARE_NAME = ConfigurationPropertyName.of(BARE);

	private static final Bindable<Set<FallbackReason>> REASONS = Bindable.setOf(FallbackReason.class);

	private UnquotedYamlOn() {
	}

	/**
	 * Whether a property is the one that is written without quotes.
	 * @param property the name of the property, or of an entry of its list
	 * @return whether it is
	 */
	static boolean isWritten(ConfigurationPropertyName property) {
		return BARE_NAME.equals(property) || BARE_NAME.isAncestorOf(property);
	}

	/**
	 * The failures after which the next model is asked.
	 * @param properties what was bound
	 * @param environment where to look for what was not
	 * @return what is written, however it is written
	 */
	static Set<FallbackReason> read(GrokFallbackProperties properties, Environment environment) {
		Binder binder = Binder.get(environment);
		if (binder.bind(ON, REASONS).isBound()) {
			return properties.on();
		}
		Set<FallbackReason> on = binder.bind(BARE, REASONS).orElse(properties.on());
		if (on.isEmpty() && properties.namesModels()) {
			throw GrokFallbackProperties.neverAsked(ON);
		}
		return on;
	}

}
