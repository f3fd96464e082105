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
 * Redaction.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokRedactionProperties.class)
class RedactionConfiguration implements BeanClassLoaderAware {

	private static final String PREFIX = "grok.redaction";

	private static final String ENABLED = PREFIX + ".enabled";

	private static final String PHONE_LIBRARY = "com.google.i18n.phonenumbers.PhoneNumberUtil";

	/** A search takes milliseconds, unless its expression is a bad one. */
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
					"Add the dependency com.googlecode.libphonenumber:libphonenumber, or list what is to be detected"
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
			throw new GrokConfigurationException(PREFIX + ".phone-regions", "is wrong: " + ex.getMessage(),
					"Write two letters for each region, such as US, GB or DE.");
		}
	}

	@Bean
	@ConditionalOnBooleanProperty(ENABLED)
	@ConditionalOnMissingBean(name = "grokRedactionDecorator")
	ChatModelDecorator grokRedactionDecorator(ObjectProvider<Redactor> redactors, GrokRedactionProperties properties,
			GrokEvents events) {
		List<Redactor> all = redactors.orderedStream().toList();
		if (all.size() == 1 && properties.detect().isEmpty() && properties.patterns().isEmpty()) {
			throw new GrokConfigurationException(PREFIX + ".detect",
					"is empty and there are no patterns, so that nothing would be redacted",
					"Write what is to be detected, such as 'secrets, email', or remove the property for everything.");
		}
		return RedactingChatModel.decorator(Redactor.all(all), properties.mode(), properties.restoreInUrls(),
				events.listener());
	}

}
