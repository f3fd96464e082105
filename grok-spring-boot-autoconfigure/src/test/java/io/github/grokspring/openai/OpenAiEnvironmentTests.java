package io.github.grokspring.openai;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests, in a separate process, that {@code OPENAI_*} variables have no effect.
 */
class OpenAiEnvironmentTests {

	private static final String PROMPT = "marker-of-a-prompt";

	@RegisterExtension
	static final XaiServer xai = XaiServerExtension.start();

	@Test
	void environmentVariablesOfSdkAreIgnored() throws Exception {
		xai.answers("marker-of-an-answer");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				Caller.class.getName(), xai.baseUrl(), xai.apiKey());
		builder.environment()
			.putAll(Map.of("OPENAI_API_KEY", "sk-somebody-elses", "OPENAI_BASE_URL", "http://127.0.0.1:1/v1",
					"OPENAI_ORG_ID", "org-1", "OPENAI_PROJECT_ID", "project-1", "OPENAI_LOG", "debug"));
		Process process = builder.redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		assertThat(output).doesNotContain(PROMPT, "marker-of-an-answer", xai.apiKey());
		assertThat(xai.lastRequest().header("authorization")).isEqualTo("Bearer " + xai.apiKey());
		assertThat(xai.lastRequest().header("openai-organization")).isNull();
		assertThat(xai.lastRequest().header("openai-project")).isNull();
	}

	/**
	 * Makes one call.
	 */
	public static final class Caller {

		private Caller() {
		}

		public static void main(String[] arguments) {
			try (OpenAiTransport transport = OpenAiTransport.create(HttpSettings.defaults().withBaseUrl(arguments[0]),
					() -> arguments[1], null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null)) {
				transport.call(new Prompt(PROMPT, GrokChatOptions.builder().model("grok-4.3").build()));
			}
		}

	}

}
