package io.github.grokspring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Describes the origin of the value of a property.
 */
final class PropertyOrigin {

	private PropertyOrigin() {
	}

	/**
	 * Describes the origin of a value.
	 * @param environment the environment to search
	 * @param property the full name of the property
	 * @return a sentence with a leading space, or an empty string without an origin
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
