package io.github.grokspring.test;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.grokspring.test.Model.Prices;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Models that the server serves, redirects or rejects, read from {@code models.json}.
 */
final class Models {

	private static final String RESOURCE = "models.json";

	private final Map<String, Model> served = new LinkedHashMap<>();

	private final Map<String, ResolvedModel> byName = new ConcurrentHashMap<>();

	private final Map<String, String> retired = new ConcurrentHashMap<>();

	Models() {
		JsonNode facts = read();
		for (JsonNode node : facts.get("served")) {
			add(model(node));
		}
		for (JsonNode node : facts.get("redirects")) {
			Model target = Objects.requireNonNull(this.served.get(node.get("to").stringValue()));
			this.byName.put(node.get("id").stringValue(), new ResolvedModel(target, node.get("effort").stringValue()));
		}
		for (JsonNode node : facts.get("retired")) {
			String id = node.get("id").stringValue();
			this.retired.put(id,
					"The model %s was deprecated on %s and is no longer accessible via the API. Please use %s instead."
						.formatted(id, node.get("on").stringValue(), node.get("use").stringValue()));
		}
	}

	/**
	 * Returns the model for an ID, an alias or a retired ID that is redirected. Fails
	 * with 404 if there is none.
	 */
	ResolvedModel resolve(String name, String teamId) {
		return resolve(name, () -> ApiErrorException.of(404, "not-found",
				"The model %s does not exist or your team %s does not have access to it. If you believe this is a mistake, please contact support and quote your team ID and the model name."
					.formatted(name, teamId)));
	}

	/**
	 * Returns the model for an ID, an alias or a retired ID that is redirected. Fails
	 * with 404 if the model was retired, else with {@code unknown}.
	 */
	ResolvedModel resolve(String name, Supplier<ApiErrorException> unknown) {
		ResolvedModel resolved = this.byName.get(name);
		if (resolved != null) {
			return resolved;
		}
		String retirement = this.retired.get(name);
		throw (retirement != null) ? ApiErrorException.of(404, "not-found", retirement) : unknown.get();
	}

	synchronized Collection<Model> served() {
		return List.copyOf(this.served.values());
	}

	synchronized void add(Model model) {
		this.served.put(model.id(), model);
		ResolvedModel resolved = new ResolvedModel(model, null);
		this.byName.put(model.id(), resolved);
		model.aliases().forEach((alias) -> this.byName.put(alias, resolved));
	}

	private static JsonNode read() {
		try (InputStream stream = Objects.requireNonNull(Models.class.getResourceAsStream(RESOURCE), RESOURCE)) {
			return Json.STRICT.readTree(stream);
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private static Model model(JsonNode node) {
		JsonNode longContext = node.get("long_context");
		return new Model(node.get("id").stringValue(), strings(node.get("aliases")), node.get("created").longValue(),
				node.get("fingerprint").stringValue(), node.get("context_length").intValue(),
				prices(node.get("prices")), prices(longContext), longContext.get("threshold").longValue(),
				node.get("reasoning").booleanValue(), strings(node.get("reasoning_efforts")),
				node.get("default_reasoning_effort").stringValue(null), Set.copyOf(strings(node.get("refuses"))),
				node.get("chat_completions").booleanValue(), node.path("always_encrypts_reasoning").booleanValue(false),
				node.get("requests_per_minute").longValue(), node.get("tokens_per_minute").longValue());
	}

	private static Prices prices(JsonNode node) {
		return new Prices(node.get("prompt").longValue(), node.get("cached").longValue(),
				node.get("completion").longValue());
	}

	private static List<String> strings(JsonNode node) {
		List<String> strings = new ArrayList<>();
		node.forEach((element) -> strings.add(element.stringValue()));
		return List.copyOf(strings);
	}

	/**
	 * Served model, and the reasoning effort that a redirect sets if the request has
	 * none.
	 */
	record ResolvedModel(Model model, @Nullable String effort) {
	}

}
