package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a {@link ChatClient} bean for every client in {@code grok.clients}. The name
 * of the client is an alias of the bean, so that it can be used as a qualifier. The beans
 * are not candidates for injection by type.
 */
final class NamedClientsRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	NamedClientsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		// Names only, because unknown properties are reported before values are bound
		Map<String, Object> clients = Binder.get(this.environment, new GroupBindHandler())
			.bind(GrokClientSettings.NAMED, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of);
		Map<String, ClientName> names = new LinkedHashMap<>();
		for (String written : clients.keySet()) {
			ClientName name = ClientName.of(written);
			ClientName other = names.putIfAbsent(name.beanName(), name);
			if (other != null) {
				throw new GrokConfigurationException(GrokClientSettings.NAMED + "." + written,
						"and '" + other.written() + "' would both create the bean '" + name.beanName() + "'",
						"Move all properties of the client to one of the two names.");
			}
		}
		names.values().forEach((name) -> checkFree(name, registry));
		names.values().forEach((name) -> register(name, registry));
	}

	/**
	 * Returns the names of the configured clients without binding their properties, so
	 * that unknown properties are reported first.
	 * @param environment the environment
	 * @return the names as they are written
	 */
	static Set<String> names(Environment environment) {
		return Binder.get(environment, new GroupBindHandler())
			.bind(GrokClientSettings.NAMED, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet();
	}

	private static void checkFree(ClientName name, BeanDefinitionRegistry registry) {
		checkFree(name, name.beanName(), registry);
		name.aliases().forEach((alias) -> checkFree(name, alias, registry));
	}

	private static void checkFree(ClientName name, String beanName, BeanDefinitionRegistry registry) {
		if (registry.isBeanNameInUse(beanName)) {
			throw new GrokConfigurationException(GrokClientSettings.NAMED + "." + name.written(),
					"requires the bean names '" + name.beanName() + "' and '" + String.join("' and '", name.aliases())
							+ "', but there already is a bean named '" + beanName + "'",
					"Rename the client or the bean.");
		}
	}

	private static void register(ClientName name, BeanDefinitionRegistry registry) {
		RootBeanDefinition client = new RootBeanDefinition();
		client.setTargetType(ChatClient.class);
		client.setFactoryBeanName(GrokChatClientAutoConfiguration.NAMED_CLIENTS_BEAN_NAME);
		client.setFactoryMethodName("client");
		client.getConstructorArgumentValues().addGenericArgumentValue(name.written(), String.class.getName());
		client.setDefaultCandidate(false);
		// Look-ups by type ignore defaultCandidate, but not fallback
		client.setFallback(true);
		registry.registerBeanDefinition(name.beanName(), client);
		name.aliases().forEach((alias) -> registry.registerAlias(name.beanName(), alias));
	}

}
