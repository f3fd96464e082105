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
 * The {@link ChatModel} beans of a fallback. They are validated at startup and created on
 * first use, because they may depend on a Grok client themselves.
 */
final class FallbackChatModelBeans {

	private static final String PROPERTY = "grok.fallback.chat-models";

	private final ConfigurableListableBeanFactory beans;

	FallbackChatModelBeans(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Validates names of beans without creating the beans.
	 * @param names the names
	 * @throws GrokConfigurationException if one of them cannot be used or is duplicated
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
				throw new GrokConfigurationException(PROPERTY, "contains '" + name + "' twice",
						"Remove the duplicate.");
			}
		}
	}

	/**
	 * Returns the model of a bean.
	 * @param name the name of the bean
	 * @return the model, which is created on first use
	 */
	FallbackModels.ExternalModel other(String name) {
		Supplier<ChatModel> bean = () -> {
			ChatModel model = this.beans.getBean(name, ChatModel.class);
			if (model instanceof GrokChatModel) {
				throw loop(name);
			}
			return model;
		};
		return new FallbackModels.ExternalModel(name, bean);
	}

	private GrokConfigurationException unknown(String name) {
		List<String> known = Arrays.stream(this.beans.getBeanNamesForType(ChatModel.class, true, false))
			.filter((bean) -> !this.beans.isTypeMatch(bean, GrokChatModel.class))
			.toList();
		return new GrokConfigurationException(PROPERTY,
				"contains '" + name + "', but there is no ChatModel bean of that name"
						+ (known.isEmpty() ? " and no ChatModel bean of another provider"
								: "; available beans: '" + String.join("', '", known) + "'"),
				"Replace it with the name of a ChatModel bean of another provider, or remove it.");
	}

	private static GrokConfigurationException loop(String name) {
		return new GrokConfigurationException(PROPERTY,
				"contains '" + name + "', which is a Grok model and would fall back to itself",
				"Add models of xAI to 'grok.fallback.models', and beans of other providers to this property.");
	}

}
