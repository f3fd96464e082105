package io.github.grokspring.test;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class XaiServerApplicationTests {

	@Test
	void converses() {
		try (XaiServer server = XaiServerApplication.start("--port", "0", "--pace=0")) {
			assertThat(new TestClient(server).ask("grok-4.3", "\"stream\":true").body()).contains("You", " said:",
					"[DONE]");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--port", "--port=abc", "--color=blue" })
	void rejectsInvalidArguments(String argument) {
		assertThatIllegalArgumentException().isThrownBy(() -> XaiServerApplication.start(argument))
			.withMessageContaining(argument.split("=")[0]);
	}

}
