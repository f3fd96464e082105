package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * How ids of models are written as keys. A dot ends a key: without brackets
 * {@code grok-4.3} would be {@code 3} below {@code grok-4}, which nobody reads and nobody
 * would miss.
 */
final class ModelKeys {

	static final String NAME = "grok.models";

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(NAME);

	private ModelKeys() {
	}

	/**
	 * Require brackets around ids that have a dot.
	 * @param environment where properties are written
	 * @throws GrokConfigurationException if they are missing
	 */
	static void requireBrackets(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream().filter(ROOT::isAncestorOf).forEach(ModelKeys::requireBrackets);
			}
		}
	}

	private static void requireBrackets(ConfigurationPropertyName name) {
		int below = ROOT.getNumberOfElements();
		if (name.getNumberOfElements() > below + 1
				&& Character.isDigit(name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL).charAt(0))) {
			String id = name.getElement(below, ConfigurationPropertyName.Form.ORIGINAL) + "."
					+ name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL);
			throw new GrokConfigurationException(name.toString(), "belongs to no model, because a dot ends a key",
					"Write the id in brackets and quotation marks: \"[" + id + "]\".");
		}
	}

}
