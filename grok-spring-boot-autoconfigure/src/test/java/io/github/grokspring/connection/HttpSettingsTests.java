package io.github.grokspring.connection;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HttpSettings}.
 */
class HttpSettingsTests {

	private final HttpSettings defaults = HttpSettings.defaults();

	@Test
	void hasDocumentedDefaults() {
		assertThat(this.defaults.baseUrl()).isEqualTo("https://api.x.ai/v1");
		assertThat(this.defaults.connectTimeout()).hasSeconds(5);
		assertThat(this.defaults.readTimeout()).hasSeconds(120);
		assertThat(this.defaults.reasoningReadTimeout()).hasMinutes(15);
		assertThat(this.defaults.callTimeout()).hasMinutes(30);
		assertThat(this.defaults.streamIdleTimeout()).hasSeconds(60);
		assertThat(this.defaults.maxConnections()).isEqualTo(1024);
		assertThat(this.defaults.maxIdleTime()).hasMinutes(5);
		assertThat(this.defaults.protocol()).isEqualTo(HttpSettings.Protocol.HTTP1_1);
		assertThat(this.defaults.proxy()).isNull();
		assertThat(this.defaults.headers()).isEmpty();
		assertThat(this.defaults.tls()).isNull();
	}

	@Test
	void allValuesCanBeChanged() {
		HttpSettings.Proxy proxy = new HttpSettings.Proxy("proxy", 3128, null, null);
		HttpSettings changed = this.defaults.withBaseUrl("http://localhost:8080/v1/")
			.withConnectTimeout(Duration.ofSeconds(1))
			.withReadTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(3))
			.withCallTimeout(Duration.ofSeconds(4))
			.withStreamIdleTimeout(Duration.ofSeconds(5))
			.withPool(6, Duration.ofSeconds(7))
			.withProtocol(HttpSettings.Protocol.H2)
			.withProxy(proxy)
			.withHeaders(Map.of("x-team", "one"))
			.withResponseLimits(DataSize.ofBytes(8), Duration.ofSeconds(9))
			.withTcpKeepAlive(new HttpSettings.TcpKeepAlive(Duration.ofSeconds(10), Duration.ofSeconds(11), 12));
		assertThat(changed).isEqualTo(new HttpSettings("http://localhost:8080/v1", Duration.ofSeconds(1),
				Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5), 6,
				Duration.ofSeconds(7), HttpSettings.Protocol.H2, proxy, Map.of("x-team", "one"), null,
				DataSize.ofBytes(8), Duration.ofSeconds(9),
				new HttpSettings.TcpKeepAlive(Duration.ofSeconds(10), Duration.ofSeconds(11), 12)));
	}

	@Test
	void toStringOmitsSecrets() {
		HttpSettings settings = this.defaults
			.withProxy(new HttpSettings.Proxy("proxy", 3128, "user", "hidden-password"))
			.withHeaders(Map.of("x-gateway-key", "hidden-header"));
		assertThat(settings.toString()).contains("proxy:3128", "x-gateway-key")
			.doesNotContain("hidden-password", "hidden-header");
		assertThat(settings.proxy().toString()).doesNotContain("hidden");
	}

	@ParameterizedTest
	@ValueSource(strings = { "api.x.ai/v1", "ftp://api.x.ai", "https:///v1", "" })
	void invalidBaseUrlIsRejected(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withBaseUrl(url))
			.withMessageContaining("'grok.base-url'");
	}

	@Test
	void messageNamesInvalidProperty() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withConnectTimeout(Duration.ZERO))
			.withMessageContaining("'grok.http.connect-timeout'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withCallTimeout(Duration.ofSeconds(-1)))
			.withMessageContaining("'grok.http.call-timeout'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withPool(0, Duration.ofSeconds(1)))
			.withMessageContaining("'grok.http.max-connections'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.defaults.withResponseLimits(DataSize.ofBytes(0), Duration.ofSeconds(1)))
			.withMessageContaining("'grok.http.max-response-size'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.defaults.withResponseLimits(DataSize.ofBytes(1), Duration.ZERO))
			.withMessageContaining("'grok.http.content-timeout'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HttpSettings.TcpKeepAlive(Duration.ofMillis(1), Duration.ofSeconds(1), 1))
			.withMessageContaining("'grok.http.tcp-keep-alive.idle'");
		assertThatIllegalArgumentException().isThrownBy(() -> new HttpSettings.Proxy("proxy", 0, null, null))
			.withMessageContaining("'grok.http.proxy.port'");
	}

}
