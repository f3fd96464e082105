package io.github.grokspring.test;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RecordedRequestTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void recordsMethodPathHeadersAndBody() {
		String body = TestClient.question("grok-4.3", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
		TestClient.send(this.calls.post("/chat/completions?x=1", body).header("X-Grok-Conv-Id", "c1"));
		RecordedRequest request = xai.lastRequest();
		assertThat(request.method()).isEqualTo("POST");
		assertThat(request.path()).isEqualTo("/v1/chat/completions?x=1");
		assertThat(request.header("x-grok-CONV-id")).isEqualTo("c1");
		assertThat(request.header("x-none")).isNull();
		assertThat(request.body()).isEqualTo(body);
		assertThat(request.json().get("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(request.parameter("stream_options.include_usage").booleanValue()).isTrue();
		assertThat(request.parameter("messages.0.role").stringValue()).isEqualTo("user");
		assertThat(request.countOfKey("model")).isOne();
		assertThat(request.countOfKey("role")).isZero();
		request.hasParameter("stream").hasNoParameter("stop").hasNoParameter("messages.5");
		assertThat(request.toString()).doesNotContain("What is new");
	}

	@Test
	void findsItemsAndToolsOfBothEndpoints() {
		this.calls.responses(TestClient.input("grok-4.3",
				"[{\"role\":\"user\",\"content\":\"a\"},{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}]",
				"\"tools\":[{\"type\":\"function\",\"name\":\"now\"},{\"type\":\"web_search\"}]"));
		RecordedRequest request = xai.lastRequest();
		assertThat(request.inputItems("message")).singleElement()
			.satisfies((item) -> assertThat(item.get("content").stringValue()).isEqualTo("a"));
		assertThat(request.inputItems("function_call_output").get(0).get("output").stringValue()).isEqualTo("x");
		assertThat(request.inputItems("reasoning")).isEmpty();
		request.offersTool("now").offersTool("web_search").offersNoTool("x_search");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> request.offersTool("x_search"))
			.withMessage("Expected tool 'x_search' in POST /v1/responses, which offers [now, web_search]");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> request.offersNoTool("now"))
			.withMessage("Expected no tool 'now' in POST /v1/responses, but it was offered");
		this.calls.respond("grok-4.3", "");
		assertThat(xai.lastRequest().inputItems("message").get(0).get("content").stringValue())
			.isEqualTo("What is new?");
		assertThat(xai.lastRequest().inputItems("reasoning")).isEmpty();
		this.calls.ask("grok-4.3", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]");
		xai.lastRequest().offersTool("now").offersNoTool("function");
		assertThat(xai.lastRequest().inputItems("message")).isEmpty();
	}

	@Test
	void assertionMessagesAreClear() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(xai::lastRequest)
			.withMessage("No request has reached the server");
		this.calls.ask("grok-4.3", "");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> xai.lastRequest().hasParameter("stop"))
			.withMessage("Expected parameter 'stop' in POST /v1/chat/completions, which has [model, messages]");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> xai.lastRequest().hasNoParameter("model"))
			.withMessage("Expected no parameter 'model' in POST /v1/chat/completions, but it was sent");
		this.calls.get("/models");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> xai.lastRequest().parameter("a"))
			.withMessageContaining("no JSON object");
	}

	@Test
	void limitsNumberOfRequests() {
		for (int i = 0; i < RequestLog.CAPACITY + 5; i++) {
			this.calls.get("/models/" + i);
		}
		List<RecordedRequest> requests = xai.requests();
		assertThat(requests).hasSize(RequestLog.CAPACITY);
		assertThat(requests.get(0).path()).isEqualTo("/v1/models/5");
		assertThat(xai.requestCount()).isEqualTo(RequestLog.CAPACITY + 5);
	}

	@Test
	void recordsNothingIfDisabled() {
		try (XaiServer server = XaiServer.builder().recording(false).start()) {
			new TestClient(server).ask("grok-4.3", "");
			assertThat(server.requestCount()).isOne();
			assertThatIllegalStateException().isThrownBy(server::lastRequest).withMessageContaining("recording(true)");
		}
	}

}
