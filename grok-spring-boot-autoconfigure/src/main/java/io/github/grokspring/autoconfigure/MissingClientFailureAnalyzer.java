package io.github.grokspring.autoconfigure;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Analyzes the failure to inject a {@link ChatClient} by a name that no client has, and
 * to inject a {@link ChatModel} that {@code spring.ai.model.chat} disables.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class MissingClientFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String BEAN_SUFFIX = "ChatClient";

	private static final String CHAT_MODEL_SWITCH = "spring.ai.model.chat";

	private final Environment environment;

	MissingClientFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		if (cause instanceof NoUniqueBeanDefinitionException
				|| !this.environment.getProperty("grok.enabled", Boolean.class, true)) {
			return null;
		}
		String name = missingClient(rootFailure, cause);
		if (name != null) {
			return missingClient(name, description, cause);
		}
		String provider = this.environment.getProperty(CHAT_MODEL_SWITCH);
		if (cause.getBeanType() == ChatModel.class && provider != null && !provider.equals("grok")) {
			return new FailureAnalysis(
					needs("ChatModel", description) + ", but '" + CHAT_MODEL_SWITCH + "' is '" + provider
							+ "', which disables the Grok chat model, and there is no other ChatModel bean."
							+ PropertyOrigin.sentence(this.environment, CHAT_MODEL_SWITCH),
					"Set '" + CHAT_MODEL_SWITCH + "' to 'grok', remove the property, add the starter of the selected"
							+ " provider, or inject a ChatClient.",
					cause);
		}
		return null;
	}

	private FailureAnalysis missingClient(String name, @Nullable String description, Throwable cause) {
		Set<String> clients = new TreeSet<>(NamedClientsRegistrar.names(this.environment));
		String configured = clients.isEmpty() ? ", and no clients are configured in 'grok.clients'."
				: ". The clients in 'grok.clients' are "
						+ clients.stream().map((client) -> "'" + client + "'").collect(Collectors.joining(", ")) + ".";
		String client = DataObjectPropertyName
			.toDashedForm((name.length() > BEAN_SUFFIX.length() && name.endsWith(BEAN_SUFFIX))
					? name.substring(0, name.length() - BEAN_SUFFIX.length()) : name);
		return new FailureAnalysis(
				needs("ChatClient '" + name + "'", description)
						+ ", but there is neither a bean nor a client of that name" + configured,
				"Configure the client with 'grok.clients." + client
						+ "', correct the name, or inject the default client by type, without a name.",
				cause);
	}

	private static String needs(String dependency, @Nullable String description) {
		return (description != null) ? StringUtils.capitalize(description) + " requires a " + dependency
				: "A " + dependency + " is required";
	}

	private @Nullable String missingClient(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		String beanName = cause.getBeanName();
		if (beanName != null) {
			return beanName.endsWith(BEAN_SUFFIX) ? beanName : null;
		}
		if (cause.getBeanType() != ChatClient.class) {
			return null;
		}
		InjectionPoint injectionPoint = null;
		for (Throwable next = rootFailure; next != null; next = next.getCause()) {
			if (next instanceof UnsatisfiedDependencyException unsatisfied) {
				injectionPoint = unsatisfied.getInjectionPoint();
			}
		}
		Qualifier qualifier = (injectionPoint != null) ? injectionPoint.getAnnotation(Qualifier.class) : null;
		return (qualifier != null) ? qualifier.value() : null;
	}

}
