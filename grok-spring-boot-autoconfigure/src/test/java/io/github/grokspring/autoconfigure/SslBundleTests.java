package io.github.grokspring.autoconfigure;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code grok.http.ssl-bundle}.
 */
class SslBundleTests {

	private static final String PASSWORD = "changeit";

	@TempDir
	static Path directory;

	static XaiServer xai;

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeAll
	static void startServer() throws Exception {
		Path store = directory.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "xai", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=ip:127.0.0.1,dns:localhost", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore",
				store.toString())
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start();
		assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(keytool.exitValue()).isZero();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(store)) {
			keys.load(stream, PASSWORD.toCharArray());
		}
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, PASSWORD.toCharArray());
		xai = XaiServer.builder().tls(factory).start();
	}

	@AfterAll
	static void stopServer() {
		xai.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void trustComesFromTheBundle(String transport) {
		this.runner
			.withPropertyValues("grok.http.ssl-bundle=xai",
					"spring.ssl.bundle.jks.xai.truststore.location=" + directory.resolve("keys.p12").toUri(),
					"spring.ssl.bundle.jks.xai.truststore.type=PKCS12",
					"spring.ssl.bundle.jks.xai.truststore.password=" + PASSWORD, "grok.chat.transport=" + transport)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				xai.answers("Over TLS");
				assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isEqualTo("Over TLS");
			});
	}

	@Test
	void withoutItTheCertificatesOfTheJvmApply() {
		this.runner.run((context) -> assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> context.getBean(ChatClient.class).prompt("hi").call().content())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.CONNECTION)));
	}

}
