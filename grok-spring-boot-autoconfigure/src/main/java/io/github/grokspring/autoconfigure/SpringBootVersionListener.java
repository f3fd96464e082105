package io.github.grokspring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Fails the startup with an unsupported version of Spring Boot, which would otherwise
 * fail because of missing classes. Uses only API that these versions have, too.
 */
final class SpringBootVersionListener implements ApplicationListener<ApplicationPreparedEvent> {

	private static final int OLDEST = 4;

	private final @Nullable String version;

	SpringBootVersionListener() {
		this(SpringBootVersion.getVersion());
	}

	SpringBootVersionListener(@Nullable String version) {
		this.version = version;
	}

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		String version = this.version;
		if (version != null && version.matches("\\d+\\..*")
				&& Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST) {
			throw new GrokConfigurationException("grok-spring-boot-starter",
					"requires Spring Boot 4.1, but this application uses Spring Boot " + version,
					"Upgrade to Spring Boot 4.1 and Spring AI 2.0, or remove the dependency on the starter.");
		}
	}

}
