package io.github.grokspring.autoconfigure;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Recognizes tests that have put mocks in place of clients or models, as
 * {@code @MockitoBean} does. Such a test calls no model and needs no API key.
 */
final class BeanMocks {

	private static final String CLIENT = "org.springframework.ai.chat.client.ChatClient";

	private static final String MOCK = "$MockitoMock$";

	private BeanMocks() {
	}

	/**
	 * Whether there are mocks.
	 * @param beans the beans of the application
	 * @return {@code true} if a {@code ChatClient} or {@code ChatModel} bean has been
	 * replaced by a mock
	 */
	static boolean arePresent(ConfigurableListableBeanFactory beans) {
		return isPresent(beans, ChatModel.class.getName()) || isPresent(beans, CLIENT);
	}

	private static boolean isPresent(ConfigurableListableBeanFactory beans, String type) {
		ClassLoader classLoader = beans.getBeanClassLoader();
		if (!ClassUtils.isPresent(type, classLoader)) {
			return false;
		}
		for (String name : beans.getBeanNamesForType(ClassUtils.resolveClassName(type, classLoader), true, false)) {
			// A mock is registered before any bean is made
			Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
			if (bean != null && bean.getClass().getName().contains(MOCK)) {
				return true;
			}
		}
		return false;
	}

}
