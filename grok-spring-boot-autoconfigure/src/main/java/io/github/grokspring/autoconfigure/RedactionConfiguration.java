package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.redaction.Detection;
import io.github.grokspring.redaction.RedactingChatModel;
import io.github.grokspring.redaction.Redactor;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

/**
 * Configuration of redaction.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokRedactionProperties.class)
class RedactionConfiguration implements BeanClassLoaderAware {

	private static final String PREFIX = "grok.redaction";

	private static final String ENABLED = PREFIX + ".enabled";

	private static final String PHONE_LIBRARY = "com.google.i18n.phonenumbers.PhoneNumberUtil";

	// A match takes milliseconds, unless the expression backtracks excessively
	private static final Duration PATTERN_LIMIT = Duration.ofSeconds(1);

	private ClassLoader classLoader = RedactionConfiguration.class.getClassLoader();

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Bean
	@Order(0)
	@ConditionalOnBooleanProperty(ENABLED)
	@ConditionalOnMissingBean(name = "grokRedactor")
	Redactor grokRedactor(GrokRedactionProperties properties) {
		if (properties.detect().contains(Detection.PHONE) && !ClassUtils.isPresent(PHONE_LIBRARY, this.classLoader)) {
			throw new GrokConfigurationException(PREFIX + ".detect",
					"contains 'phone', but com.googlecode.libphonenumber:libphonenumber is not on the class path",
					"Add the dependency com.googlecode.libphonenumber:libphonenumber, or set the property to a list"
							+ " without 'phone'.");
		}
		List<Redactor> redactors = new ArrayList<>();
		properties.compiledPatterns()
			.forEach((name, pattern) -> redactors.add(Redactor.matching(name, pattern, PATTERN_LIMIT)));
		redactors.add(detecting(properties));
		return Redactor.all(redactors);
	}

	private static Redactor detecting(GrokRedactionProperties properties) {
		try {
			return Redactor.detecting(properties.detect(), properties.phoneRegions());
		}
		catch (IllegalArgumentException ex) {
			throw new GrokConfigurationException(PREFIX + ".phone-regions", "is not valid: " + ex.getMessage(),
					"Set the property to two-letter region codes, for example US, GB or DE.");
		}
	}

	@Bean
	@ConditionalOnBooleanProperty(ENABLED)
	@ConditionalOnMissingBean(name = "grokRedactionDecorator")
	ChatModelDecorator grokRedactionDecorator(ObjectProvider<Redactor> redactors, GrokRedactionProperties properties,
			GrokEventPublisher events) {
		List<Redactor> all = redactors.orderedStream().toList();
		if (all.size() == 1 && properties.detect().isEmpty() && properties.patterns().isEmpty()) {
			throw new GrokConfigurationException(PREFIX + ".detect",
					"is empty and there are no patterns, so nothing would be redacted",
					"Set the property to the kinds of values to detect, for example 'secrets, email', or remove it to detect"
							+ " all kinds.");
		}
		return RedactingChatModel.decorator(Redactor.all(all), properties.mode(), properties.restoreInUrls(),
				events.listener());
	}

}
