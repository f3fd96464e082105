package io.github.grokspring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a person reads whose application has an older Spring Boot.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringBootVersionListenerTests {

	@ParameterizedTest
	@ValueSource(strings = { "3.5.7", "3.0.0", "2.7.18" })
	void olderVersionEndsTheStartWithASentence(String version, CapturedOutput output) {
		assertThatThrownBy(() -> application(version).run()).isInstanceOf(GrokConfigurationException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("requires Spring Boot 4.1, but this application uses Spring Boot " + version)
			.contains("Upgrade to Spring Boot 4.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.1.1", "4.2.0-M1", "10.0.0" })
	void laterVersionsStart(String version) {
		application(version).run().close();
	}

	@Test
	void versionThatIsNotKnownStarts() {
		application(null).run().close();
	}

	private static SpringApplication application(String version) {
		SpringApplication application = new SpringApplication(Empty.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application.addListeners(new SpringBootVersionListener(version));
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
