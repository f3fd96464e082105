package io.github.grokspring.test;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogEndpointTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void blockedKeyServesApiKeyOnly() {
		xai.blocksKey();
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(403);
		assertThat(TestClient.json(this.calls.get("/models")).get("code").stringValue()).isEqualTo("permission-denied");
		assertThat(standing()).containsExactly(true, false, false);
		xai.disablesKey();
		assertThat(this.calls.get("/language-models").statusCode()).isEqualTo(403);
		assertThat(standing()).containsExactly(false, true, false);
		xai.blocksTeam();
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(403);
		assertThat(standing()).containsExactly(false, false, true);
		xai.reset();
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(200);
		assertThat(standing()).containsExactly(false, false, false);
	}

	private List<Boolean> standing() {
		HttpResponse<String> response = this.calls.get("/api-key");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode key = TestClient.json(response);
		return List.of(key.get("api_key_blocked").booleanValue(), key.get("api_key_disabled").booleanValue(),
				key.get("team_blocked").booleanValue());
	}

	@Test
	void listsModels() {
		JsonNode json = TestClient.json(this.calls.get("/models"));
		assertThat(json.get("object").stringValue()).isEqualTo("list");
		List<String> ids = new ArrayList<>();
		json.get("data").forEach((model) -> ids.add(model.get("id").stringValue()));
		assertThat(ids).containsExactly("grok-4.7", "grok-4.6", "grok-4.5", "grok-4.3", "grok-4.20-0309-reasoning",
				"grok-4.20-0309-non-reasoning", "grok-4.20-multi-agent-0309");
		JsonNode first = json.at("/data/0");
		assertThat(first.get("owned_by").stringValue()).isEqualTo("xai");
		assertThat(first.get("context_length").intValue()).isEqualTo(500_000);
		assertThat(first.at("/capabilities/default_reasoning_effort").stringValue()).isEqualTo("high");
	}

	@Test
	void describesOneModelByIdOrAlias() {
		JsonNode json = TestClient.json(this.calls.get("/models/grok-4.3-latest"));
		assertThat(json.get("id").stringValue()).isEqualTo("grok-4.3");
		assertThat(this.calls.get("/models/grok-9").statusCode()).isEqualTo(404);
	}

	@Test
	void listsLanguageModelsWithPricesInTicksPerToken() {
		JsonNode json = TestClient.json(this.calls.get("/language-models"));
		assertThat(json.get("models").size()).isEqualTo(7);
		JsonNode model = TestClient.json(this.calls.get("/language-models/grok-4.3"));
		assertThat(model.get("prompt_text_token_price").longValue()).isEqualTo(12_500);
		assertThat(model.get("cached_prompt_text_token_price").longValue()).isEqualTo(2_000);
		assertThat(model.get("prompt_image_token_price").longValue()).isEqualTo(12_500);
		assertThat(model.get("completion_text_token_price").longValue()).isEqualTo(25_000);
		assertThat(model.get("long_context_threshold").longValue()).isEqualTo(200_000);
		assertThat(model.get("completion_text_token_price_long_context").longValue()).isEqualTo(50_000);
		assertThat(model.get("input_modalities").size()).isEqualTo(2);
	}

	@Test
	void describesTheKeyWithoutShowingIt() {
		HttpResponse<String> response = this.calls.get("/api-key");
		JsonNode json = TestClient.json(response);
		assertThat(response.body()).doesNotContain(xai.apiKey());
		assertThat(json.get("api_key_blocked").booleanValue()).isFalse();
		assertThat(json.get("api_key_disabled").booleanValue()).isFalse();
		assertThat(json.get("team_blocked").booleanValue()).isFalse();
		assertThat(json.get("acls").isEmpty()).isFalse();
	}

	@Test
	void tokenizesText() {
		JsonNode json = TestClient.json(TestClient
			.send(this.calls.post("/tokenize-text", "{\"model\":\"grok-4.3\",\"text\":\"Hello big world\"}")));
		assertThat(json.get("token_ids").size()).isEqualTo(3);
		JsonNode first = json.at("/token_ids/0");
		assertThat(first.get("string_token").stringValue()).isEqualTo("Hello");
		assertThat(first.get("token_bytes").size()).isEqualTo(5);
		assertThat(first.get("token_id").isInt()).isTrue();
		assertThat(TestClient.send(this.calls.post("/tokenize-text", "{\"model\":\"grok-4.3\"}")).statusCode())
			.isEqualTo(422);
	}

	@Test
	void tokensJoinToText() {
		String text = "Größe 東京 \\uD83D\\uDE00 end";
		JsonNode tokens = TestClient.json(TestClient.send(this.calls.post("/tokenize-text",
				"{\"model\":\"grok-4.3\",\"text\":\"" + text + "\",\"user\":\"u1\"}")))
			.get("token_ids");
		StringBuilder words = new StringBuilder();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		tokens.forEach((token) -> {
			words.append(token.get("string_token").stringValue());
			token.get("token_bytes").forEach((unit) -> bytes.write(unit.intValue()));
		});
		assertThat(words).hasToString("Größe 東京 😀 end");
		assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("Größe 東京 😀 end");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "{\"text\":\"Hello\"}|422", "{\"model\":\"grok-4.3\",\"text\":7}|422",
					"{\"model\":4,\"text\":\"Hello\"}|422",
					"{\"model\":\"grok-4.3\",\"text\":\"Hello\",\"user\":{}}|422",
					"{\"model\":\"grok-9\",\"text\":\"Hello\"}|404", "{\"model\":\"grok-4.3\"|400" })
	void rejectsInvalidTokenizeRequests(String body, int status) {
		assertThat(TestClient.send(this.calls.post("/tokenize-text", body)).statusCode()).isEqualTo(status);
	}

	@Test
	void failsOnOtherPathsIfScripted() {
		xai.failsWith(503).on("/v1/models").times(2);
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(503);
		assertThat(this.calls.ask("grok-4.3", "").statusCode()).isEqualTo(200);
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(503);
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(200);
	}

}
