package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Validates ids of models in property names. A dot separates keys, so without brackets
 * {@code grok-4.3} would be the key {@code 3} below {@code grok-4} and be ignored.
 */
final class ModelPropertyNames {

	static final String NAME = "grok.models";

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(NAME);

	private ModelPropertyNames() {
	}

	/**
	 * Requires brackets around an id that contains a dot.
	 * @param name the name of a property
	 * @throws GrokConfigurationException if it is a property of a model without brackets
	 */
	static void requireBrackets(ConfigurationPropertyName name) {
		int below = ROOT.getNumberOfElements();
		if (name.getNumberOfElements() > below + 1 && ROOT.isAncestorOf(name)
				&& Character.isDigit(name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL).charAt(0))) {
			String id = name.getElement(below, ConfigurationPropertyName.Form.ORIGINAL) + "."
					+ name.getElement(below + 1, ConfigurationPropertyName.Form.ORIGINAL);
			throw new GrokConfigurationException(name.toString(),
					"does not belong to a model, because a dot separates keys",
					"Enclose the id in brackets and quotation marks: \"[" + id + "]\". Outside YAML, use '" + NAME + "["
							+ id + "]'.");
		}
	}

}
