package io.github.grokspring.test;

import java.util.List;

import io.github.grokspring.test.Model.Prices;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Serves the model lists and the API key.
 */
final class CatalogEndpoint {

	private final Models models;

	CatalogEndpoint(Models models) {
		this.models = models;
	}

	byte[] models(@Nullable String name) {
		if (name != null) {
			Model model = find(name);
			return Json.object((json) -> entry(json, model));
		}
		return Json.object((json) -> {
			json.writeStringProperty("object", "list");
			list(json, "data", this::entry);
		});
	}

	byte[] languageModels(@Nullable String name) {
		if (name != null) {
			Model model = find(name);
			return Json.object((json) -> languageModel(json, model));
		}
		return Json.object((json) -> list(json, "models", this::languageModel));
	}

	static byte[] apiKey(String apiKey, KeyStatus keyStatus) {
		return Json.object((json) -> {
			json.writeStringProperty("redacted_api_key", masked(apiKey));
			json.writeStringProperty("user_id", XaiServer.TEAM_ID);
			json.writeStringProperty("name", "stand-in");
			json.writeStringProperty("create_time", "2026-11-01T00:00:00Z");
			json.writeStringProperty("modify_time", "2026-11-01T00:00:00Z");
			json.writeStringProperty("modified_by", XaiServer.TEAM_ID);
			json.writeStringProperty("team_id", XaiServer.TEAM_ID);
			json.writeArrayPropertyStart("acls");
			json.writeString("api-key:endpoint:*");
			json.writeString("api-key:model:*");
			json.writeEndArray();
			json.writeStringProperty("api_key_id", XaiServer.TEAM_ID);
			json.writeBooleanProperty("api_key_blocked", keyStatus == KeyStatus.KEY_BLOCKED);
			json.writeBooleanProperty("api_key_disabled", keyStatus == KeyStatus.KEY_DISABLED);
			json.writeBooleanProperty("team_blocked", keyStatus == KeyStatus.TEAM_BLOCKED);
		});
	}

	static String masked(String key) {
		return (key.length() < 8) ? "***" : key.substring(0, 2) + "***" + key.substring(key.length() - 2);
	}

	private Model find(String name) {
		return this.models.resolve(name, XaiServer.TEAM_ID).model();
	}

	private void list(JsonGenerator json, String name, Entry entry) {
		json.writeArrayPropertyStart(name);
		for (Model model : this.models.served()) {
			json.writeStartObject();
			entry.write(json, model);
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private void entry(JsonGenerator json, Model model) {
		json.writeStringProperty("id", model.id());
		strings(json, "aliases", model.aliases());
		json.writeNumberProperty("context_length", model.contextLength());
		json.writeNumberProperty("created", model.created());
		json.writeStringProperty("object", "model");
		json.writeStringProperty("owned_by", "xai");
		prices(json, model);
		capabilities(json, model);
	}

	private void languageModel(JsonGenerator json, Model model) {
		json.writeStringProperty("id", model.id());
		json.writeStringProperty("fingerprint", model.fingerprint());
		json.writeNumberProperty("created", model.created());
		json.writeStringProperty("object", "model");
		json.writeStringProperty("owned_by", "xai");
		json.writeStringProperty("version", "1.0");
		strings(json, "input_modalities", List.of("text", "image"));
		strings(json, "output_modalities", List.of("text"));
		prices(json, model);
		json.writeNumberProperty("search_price", 0);
		strings(json, "aliases", model.aliases());
		capabilities(json, model);
	}

	private static void prices(JsonGenerator json, Model model) {
		Prices prices = model.prices();
		json.writeNumberProperty("prompt_text_token_price", prices.prompt());
		json.writeNumberProperty("cached_prompt_text_token_price", prices.cached());
		json.writeNumberProperty("prompt_image_token_price", prices.prompt());
		json.writeNumberProperty("completion_text_token_price", prices.completion());
		json.writeNumberProperty("long_context_threshold", model.longContextThreshold());
		Prices longContext = model.longContextPrices();
		json.writeNumberProperty("prompt_text_token_price_long_context", longContext.prompt());
		json.writeNumberProperty("cached_prompt_text_token_price_long_context", longContext.cached());
		json.writeNumberProperty("completion_text_token_price_long_context", longContext.completion());
	}

	private static void capabilities(JsonGenerator json, Model model) {
		json.writeObjectPropertyStart("capabilities");
		strings(json, "reasoning_effort", model.reasoningEfforts());
		if (model.defaultReasoningEffort() != null) {
			json.writeStringProperty("default_reasoning_effort", model.defaultReasoningEffort());
		}
		json.writeEndObject();
	}

	private static void strings(JsonGenerator json, String name, List<String> values) {
		json.writeArrayPropertyStart(name);
		values.forEach(json::writeString);
		json.writeEndArray();
	}

	@FunctionalInterface
	private interface Entry {

		void write(JsonGenerator json, Model model);

	}

}
