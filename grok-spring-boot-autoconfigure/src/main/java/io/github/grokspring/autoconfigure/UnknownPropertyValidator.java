package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.grokspring.autoconfigure.GrokProperties.UnknownProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * Validates that every property below {@code grok} exists and that groups of properties
 * have no value, before any bean is created: a misspelled name must not silently remove a
 * budget. Environment variables and system properties often belong to other tools, so
 * they are validated only within existing groups of properties.
 */
final class UnknownPropertyValidator implements BeanFactoryPostProcessor {

	private static final Log logger = LogFactory.getLog(UnknownPropertyValidator.class);

	private static final String MODE = "grok.unknown-properties";

	private static final Pattern NUMBER = Pattern.compile("0*[1-9]\\d*");

	private final Environment environment;

	private final GrokPropertyNames names = new GrokPropertyNames();

	private final Map<ConfigurationPropertyName, String> units = new LinkedHashMap<>();

	UnknownPropertyValidator(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (Boolean.getBoolean("spring.aot.processing")) {
			// The properties at build time are not those of the application
			return;
		}
		Map<ConfigurationPropertyName, UnknownProperty> unknown = findUnknown();
		this.units.forEach(this::warnAboutMissingUnit);
		if (unknown.isEmpty() && this.names.spellings().isEmpty()) {
			return;
		}
		List<ConfigurationPropertyName> bound = boundByTheApplication(beanFactory);
		unknown.keySet().removeIf((name) -> bound.stream().anyMatch((other) -> isSelfOrDescendant(other, name)));
		report(unknown.values());
	}

	private void report(Collection<UnknownProperty> unknown) {
		unknown.stream().filter(UnknownProperty::belongsToClient).findFirst().ifPresent((connection) -> {
			throw failure(List.of(connection));
		});
		UnknownProperties mode = Binder.get(this.environment)
			.bind(MODE, UnknownProperties.class)
			.orElse(UnknownProperties.FAIL);
		if (mode == UnknownProperties.IGNORE) {
			return;
		}
		if (mode == UnknownProperties.FAIL && !unknown.isEmpty()) {
			throw failure(List.copyOf(unknown));
		}
		unknown.forEach((property) -> logger.warn(property.quoted() + " " + property.problem() + "."
				+ property.origin(this.environment) + " " + property.correction(this.names)));
		this.names.spellings().forEach(UnknownPropertyValidator::warnAboutSpellings);
	}

	private Map<ConfigurationPropertyName, UnknownProperty> findUnknown() {
		Map<ConfigurationPropertyName, UnknownProperty> unknown = new LinkedHashMap<>();
		List<IterableConfigurationPropertySource> variables = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) {
					variables.add(iterable);
				}
				else {
					findUnknown(iterable, false, unknown);
				}
			}
		}
		// Last, because the dashes in keys of maps are known from other sources only
		for (IterableConfigurationPropertySource source : variables) {
			findUnknown(source, true, unknown);
		}
		return unknown;
	}

	private void findUnknown(IterableConfigurationPropertySource source, boolean variable,
			Map<ConfigurationPropertyName, UnknownProperty> unknown) {
		boolean shared = variable || (source.getUnderlyingSource() instanceof PropertySource<?> properties
				&& StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME.equals(properties.getName()));
		for (ConfigurationPropertyName name : source) {
			if (GrokPropertyNames.ROOT.isAncestorOf(name) && (!shared || this.names.isBelowGroup(name, variable))) {
				ModelPropertyNames.requireBrackets(name);
				boolean exists = this.names.contains(name, variable);
				List<String> below = exists ? this.names.below(name, variable) : List.of();
				if (!exists || (!below.isEmpty() && StringUtils.hasText(value(source, name)))) {
					unknown.putIfAbsent(name, new UnknownProperty(name, variable, below));
				}
				String unit = exists ? this.names.unit(name, variable) : null;
				if (unit != null) {
					this.units.putIfAbsent(name, unit);
				}
			}
		}
	}

	/**
	 * Returns the value of a property, if it is a single one.
	 */
	private String value(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property != null && BeanUtils.isSimpleValueType(property.getValue().getClass()))
				? this.environment.resolvePlaceholders(property.getValue().toString()) : "";
	}

	private void warnAboutMissingUnit(ConfigurationPropertyName name, String unit) {
		String value = Binder.get(this.environment).bind(name, Bindable.of(String.class)).orElse("").strip();
		if (NUMBER.matcher(value).matches()) {
			logger.warn("'" + name + "' is '" + value + "', which is read as " + unit + "."
					+ PropertyOrigin.sentence(this.environment, name.toString()) + " Specify the unit, for example "
					+ (unit.equals("bytes") ? "64MB." : "30s or 500ms."));
		}
	}

	private static boolean isSelfOrDescendant(ConfigurationPropertyName name, ConfigurationPropertyName other) {
		return name.equals(other) || name.isAncestorOf(other);
	}

	/**
	 * Returns the names that beans of the application are bound to. Within the groups of
	 * this library, only the properties of the beans are included.
	 */
	private List<ConfigurationPropertyName> boundByTheApplication(ConfigurableListableBeanFactory beanFactory) {
		List<ConfigurationPropertyName> bound = new ArrayList<>();
		for (BeanFactory factory = beanFactory; factory instanceof ConfigurableListableBeanFactory beans; factory = beans
			.getParentBeanFactory()) {
			for (String bean : beans.getBeanDefinitionNames()) {
				ConfigurationProperties properties = beans.findAnnotationOnBean(bean, ConfigurationProperties.class,
						false);
				Class<?> type = (properties != null) ? beans.getType(bean, false) : null;
				if (properties != null && type != null && !GrokPropertyNames.TYPES.contains(type)) {
					ConfigurationPropertyName prefix = ConfigurationPropertyName.adapt(properties.prefix(), '.');
					if (GrokPropertyNames.ROOT.equals(prefix) || this.names.contains(prefix, false)) {
						members(type).forEach((member) -> bound.add(prefix.append(member)));
					}
					else {
						bound.add(prefix);
					}
				}
			}
		}
		return bound;
	}

	private static Stream<String> members(Class<?> type) {
		Stream<String> parameters = Arrays.stream(type.getDeclaredConstructors())
			.flatMap((constructor) -> Arrays.stream(constructor.getParameters()))
			.map((parameter) -> parameter.getName());
		Stream<String> accessors = Stream.<Class<?>>iterate(type, (next) -> next != null, Class::getSuperclass)
			.flatMap((declaring) -> Arrays.stream(declaring.getDeclaredMethods()))
			.map((method) -> method.getName().replaceFirst("^(set|get|is)(?=[A-Z])", ""));
		return Stream.concat(parameters, accessors)
			.map((name) -> name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT))
			.filter((name) -> !name.isEmpty())
			.distinct();
	}

	private GrokConfigurationException failure(List<UnknownProperty> unknown) {
		UnknownProperty first = unknown.get(0);
		StringBuilder action = new StringBuilder(first.correction(this.names));
		unknown.stream().skip(1).forEach((other) -> {
			action.append(" ").append(other.quoted()).append(" ").append(other.problem());
			action.append(other.below().isEmpty() ? " either." : ".");
			action.append(other.origin(this.environment)).append(" ").append(other.correction(this.names));
		});
		if (!first.belongsToClient() && unknown.stream().anyMatch((property) -> property.below().isEmpty())) {
			action.append(" To use properties of your own below 'grok', set '").append(MODE).append("' to 'warn'.");
		}
		return new GrokConfigurationException(first.name().toString(), first.problem(), action.toString());
	}

	private static void warnAboutSpellings(List<GrokPropertyNames.MapKey> spellings) {
		GrokPropertyNames.MapKey second = spellings.get(spellings.size() - 1);
		List<String> keys = spellings.stream().map(GrokPropertyNames.MapKey::text).toList();
		logger.warn("'" + second.property() + "' creates a separate entry '" + second.text() + "' in addition to '"
				+ String.join("', '", keys.subList(0, keys.size() - 1)) + "'. "
				+ (second.variable()
						? "In the name of an environment variable, replace each dash with an underscore, or set the property"
								+ " of '" + keys.get(0) + "' to a placeholder, for example ${NAME}."
						: "Use the same spelling for all properties."));
	}

	/**
	 * A property that does not exist, or a group of properties with a value.
	 *
	 * @param name its name
	 * @param variable whether it is an environment variable
	 * @param below the properties of the group, empty if the property does not exist
	 */
	private record UnknownProperty(ConfigurationPropertyName name, boolean variable, List<String> below) {

		String quoted() {
			return "'" + this.name + "'";
		}

		/**
		 * Whether it configures the connection of a named client. All clients share the
		 * connection.
		 */
		boolean belongsToClient() {
			return connectionProperty() != null;
		}

		private @Nullable String connectionProperty() {
			if (this.name.getNumberOfElements() < 4 || !this.name.getElement(1, Form.UNIFORM).equals("clients")) {
				return null;
			}
			String member = this.name.getElement(3, Form.UNIFORM);
			if (this.variable && this.name.getNumberOfElements() > 4) {
				member += this.name.getElement(4, Form.UNIFORM);
			}
			if (member.startsWith("apikey")) {
				return "grok.api-key";
			}
			return member.startsWith("baseurl") ? "grok.base-url" : member.startsWith("http") ? "grok.http" : null;
		}

		String problem() {
			if (!this.below.isEmpty()) {
				return "is a group of properties and does not accept a value";
			}
			String connection = connectionProperty();
			return (connection != null) ? "is not supported by this version: all clients use '" + connection + "'"
					: "does not exist";
		}

		String origin(Environment environment) {
			return PropertyOrigin.sentence(environment, this.name.toString());
		}

		String correction(GrokPropertyNames names) {
			if (!this.below.isEmpty()) {
				return "Set one of its properties instead: " + String.join(", ", this.below) + ".";
			}
			String connection = connectionProperty();
			if (connection != null) {
				return "Remove it, or set '" + connection + "' for all clients.";
			}
			List<String> nearest = names.nearest(this.name);
			if (nearest.isEmpty()) {
				return "Remove it.";
			}
			return "Replace it with '" + String.join("' or '", nearest) + "'" + ((this.variable && nearest.size() == 1)
					? ", as environment variable " + variable(nearest.get(0)) : "") + ".";
		}

		private static String variable(String property) {
			return property.replace("-", "")
				.replaceAll("[.\\[\\]]+", "_")
				.replaceAll("_$", "")
				.toUpperCase(Locale.ROOT);
		}

	}

}
