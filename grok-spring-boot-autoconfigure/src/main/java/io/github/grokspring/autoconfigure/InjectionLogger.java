package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Describes which beans are injected as {@code ChatModel} and {@code ChatClient} when
 * there are models of several providers and {@code spring.ai.model.chat} is not set.
 */
final class InjectionLogger {

	private static final String MODEL_PROPERTY = "spring.ai.model.chat";

	private static final String CLIENT = "org.springframework.ai.chat.client.ChatClient";

	private final ConfigurableListableBeanFactory beans;

	private final Environment environment;

	InjectionLogger(ConfigurableListableBeanFactory beans, Environment environment) {
		this.beans = beans;
		this.environment = environment;
	}

	/**
	 * Describes the injection.
	 * @return a log line, or {@code null} if there is only one choice
	 */
	@Nullable String line() {
		List<String> models = candidates(ChatModel.class);
		if (models.size() < 2 || !models.contains(GrokChatModelConfiguration.BEAN_NAME)
				|| StringUtils.hasText(this.environment.getProperty(MODEL_PROPERTY))) {
			return null;
		}
		ClassLoader classLoader = this.beans.getBeanClassLoader();
		String client = ClassUtils.isPresent(CLIENT, classLoader) ? ", the injected ChatClient is "
				+ injected(candidates(ClassUtils.resolveClassName(CLIENT, classLoader))) : "";
		return "There are several chat models and '" + MODEL_PROPERTY
				+ "' is not set: the injected ChatModel or ChatClient.Builder is " + injected(models) + client
				+ ". Set '" + MODEL_PROPERTY + "' to 'grok' to make Grok the primary one, or use @Qualifier";
	}

	private List<String> candidates(Class<?> type) {
		List<String> candidates = new ArrayList<>();
		for (String name : this.beans.getBeanNamesForType(type, true, false)) {
			BeanDefinition definition = this.beans.containsBeanDefinition(name) ? this.beans.getBeanDefinition(name)
					: null;
			if (definition == null || (definition.isAutowireCandidate()
					&& (!(definition instanceof AbstractBeanDefinition bean) || bean.isDefaultCandidate()))) {
				candidates.add(name);
			}
		}
		return candidates;
	}

	private String injected(List<String> candidates) {
		List<String> preferred = candidates.stream()
			.filter(this.beans::containsBeanDefinition)
			.filter((name) -> this.beans.getBeanDefinition(name).isPrimary())
			.toList();
		if (preferred.isEmpty()) {
			preferred = candidates.stream()
				.filter((name) -> !this.beans.containsBeanDefinition(name)
						|| !this.beans.getBeanDefinition(name).isFallback())
				.toList();
		}
		if (preferred.isEmpty()) {
			preferred = candidates;
		}
		return (preferred.size() == 1) ? "'" + preferred.get(0) + "'"
				: "not unique ('" + String.join("', '", preferred) + "')";
	}

}
