package io.github.grokspring.autoconfigure;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.fallback.FallbackModels;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The {@link ChatModel} beans of a fallback. They are looked at when the application
 * starts and made when they are first asked, because they may need a client of ours
 * themselves.
 */
final class FallbackChatModelBeans {

	private static final String PROPERTY = "grok.fallback.chat-models";

	private final ConfigurableListableBeanFactory beans;

	FallbackChatModelBeans(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Check names of beans, without making any bean.
	 * @param names the names
	 * @throws GrokConfigurationException if one of them cannot be asked, or is there
	 * twice
	 */
	void check(List<String> names) {
		Set<String> seen = new HashSet<>();
		for (String name : names) {
			if (!this.beans.containsBean(name) || !this.beans.isTypeMatch(name, ChatModel.class)) {
				throw unknown(name);
			}
			if (this.beans.isTypeMatch(name, GrokChatModel.class)) {
				throw loop(name);
			}
			if (!seen.add(name)) {
				throw new GrokConfigurationException(PROPERTY, "names '" + name + "' twice", "Write each bean once.");
			}
		}
	}

	/**
	 * The model that a bean is.
	 * @param name its name
	 * @return the model, which is made when it is first asked
	 */
	FallbackModels.Other other(String name) {
		Supplier<ChatModel> bean = () -> {
			ChatModel model = this.beans.getBean(name, ChatModel.class);
			if (model instanceof GrokChatModel) {
				throw loop(name);
			}
			return model;
		};
		return new FallbackModels.Other(name, bean);
	}

	private GrokConfigurationException unknown(String name) {
		List<String> known = Arrays.stream(this.beans.getBeanNamesForType(ChatModel.class, true, false))
			.filter((bean) -> !this.beans.isTypeMatch(bean, GrokChatModel.class))
			.toList();
		return new GrokConfigurationException(PROPERTY,
				"names '" + name + "', but there is no ChatModel bean of that name"
						+ (known.isEmpty() ? ", nor another one besides Grok's"
								: "; there is '" + String.join("', '", known) + "'"),
				"Write the name of a ChatModel bean of another provider, or remove it.");
	}

	private static GrokConfigurationException loop(String name) {
		return new GrokConfigurationException(PROPERTY,
				"names '" + name + "', which is a model of Grok and would fall back to itself",
				"Write models of xAI into 'grok.fallback.models', and here the beans of other providers.");
	}

}
