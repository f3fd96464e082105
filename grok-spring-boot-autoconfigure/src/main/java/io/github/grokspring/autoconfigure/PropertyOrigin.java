package io.github.grokspring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Where the value of a property was written.
 */
final class PropertyOrigin {

	private PropertyOrigin() {
	}

	/**
	 * Say where a value comes from.
	 * @param environment where to look
	 * @param property the full name of the property
	 * @return a sentence that begins with a blank, empty when the property has no origin
	 */
	static String sentence(Environment environment, String property) {
		ConfigurationPropertyName valid = ConfigurationPropertyName.ofIfValid(property);
		ConfigurationProperty found = find(environment,
				(valid != null) ? valid : ConfigurationPropertyName.adapt(property, '.'));
		return (found != null && found.getOrigin() != null) ? " The value comes from " + found.getOrigin() + "." : "";
	}

	private static @Nullable ConfigurationProperty find(Environment environment, ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

}
