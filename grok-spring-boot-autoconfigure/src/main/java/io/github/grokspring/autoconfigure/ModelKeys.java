package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

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
	 * Require brackets around an id that has a dot.
	 * @param name the name of a property
	 * @throws GrokConfigurationException if it is that of a model and they are missing
	 */
	static void requireBrackets(ConfigurationPropertyName name) {
		int below = ROOT.getNumberOfElements();
		if (name.getNumberOfElements() > below + 1 && ROOT.isAncestorOf(name)
				&& Character.isDigit(name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL).charAt(0))) {
			String id = name.getElement(below, ConfigurationPropertyName.Form.ORIGINAL) + "."
					+ name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL);
			throw new GrokConfigurationException(name.toString(), "belongs to no model, because a dot ends a key",
					"Write the id in brackets and quotation marks: \"[" + id + "]\". Outside YAML, write '" + NAME + "["
							+ id + "]'.");
		}
	}

}
