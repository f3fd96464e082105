package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Holds the models of a fallback against the catalogue when the application starts: a
 * mistake would otherwise show only in the hour when the fallback is needed.
 */
final class FallbackModelChecks {

	private static final String PROPERTY = "grok.fallback.models";

	private final ModelCatalog catalog;

	private final @Nullable String host;

	/**
	 * Create checks.
	 * @param catalog knows the models
	 * @param host the host of the base URL
	 */
	FallbackModelChecks(ModelCatalog catalog, @Nullable String host) {
		this.catalog = catalog;
		this.host = host;
	}

	/**
	 * Check models.
	 * @param names ids or aliases
	 * @throws GrokConfigurationException if one of them cannot answer, or is there twice
	 */
	void check(List<String> names) {
		Map<String, String> seen = new LinkedHashMap<>();
		for (String name : names) {
			GrokModel model = this.catalog.find(name);
			if (model == null) {
				throw unknown(name);
			}
			if (model.status() != GrokModel.Status.CURRENT) {
				throw retired(name, model);
			}
			if (!model.endpoints().isEmpty() && !model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS)) {
				throw new GrokConfigurationException(PROPERTY,
						"names '" + name + "', which this version cannot chat with", "Remove it.");
			}
			RegionalHost.requireServed(PROPERTY, name, this.catalog, this.host);
			String earlier = seen.putIfAbsent(model.id(), name);
			if (earlier != null) {
				throw new GrokConfigurationException(PROPERTY,
						earlier.equals(name) ? "names '" + name + "' twice"
								: "names '" + earlier + "' and '" + name + "', which are the same model",
						"Write each model once.");
			}
		}
	}

	private GrokConfigurationException unknown(String name) {
		List<String> similar = this.catalog.similar(name);
		return new GrokConfigurationException(PROPERTY,
				"names '" + name + "', which is not in the catalogue of models"
						+ (similar.isEmpty() ? "" : "; it has '" + String.join("', '", similar) + "'"),
				"Write the id of a model, or describe this one below 'grok.models'.");
	}

	private static GrokConfigurationException retired(String name, GrokModel model) {
		if (model.status() == GrokModel.Status.UNLISTED) {
			return new GrokConfigurationException(PROPERTY,
					"names '" + name + "', which xAI's list of models no longer has",
					"Write a model that is listed in its place, or remove it.");
		}
		GrokModel.Retirement retirement = model.retirement();
		String on = (retirement != null && retirement.on() != null) ? " on " + retirement.on() : "";
		return new GrokConfigurationException(PROPERTY, "names '" + name + "', which xAI retired" + on,
				(retirement != null && retirement.replacement() != null)
						? "Write '" + retirement.replacement() + "' in its place, or remove it."
						: "Write a current model in its place, or remove it.");
	}

}
