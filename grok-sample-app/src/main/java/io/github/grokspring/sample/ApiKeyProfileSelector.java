package io.github.grokspring.sample;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Activates the profile {@code xai} if there is an API key, otherwise {@code offline},
 * unless one of them is already active. Runs before configuration files are read, because
 * their content depends on the profile.
 */
class ApiKeyProfileSelector implements EnvironmentPostProcessor, Ordered {

	static final String OFFLINE = "offline";

	static final String XAI = "xai";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Set<String> active = activeProfiles(environment);
		if (!active.contains(OFFLINE) && !active.contains(XAI)) {
			environment.addActiveProfile(hasKey(environment) ? XAI : OFFLINE);
		}
	}

	/**
	 * Includes configured profiles that the environment has not activated yet.
	 */
	private static Set<String> activeProfiles(ConfigurableEnvironment environment) {
		Set<String> active = new HashSet<>(Set.of(environment.getActiveProfiles()));
		Binder binder = Binder.get(environment);
		for (String property : List.of("spring.profiles.active", "spring.profiles.include")) {
			active.addAll(binder.bind(property, Bindable.setOf(String.class)).orElse(Set.of()));
		}
		return active;
	}

	private static boolean hasKey(ConfigurableEnvironment environment) {
		return StringUtils.hasText(environment.getProperty("grok.api-key"))
				|| StringUtils.hasText(environment.getProperty("XAI_API_KEY"));
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER - 1;
	}

}
