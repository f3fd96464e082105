package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Validates the fallback models against the catalog at startup, because a mistake would
 * otherwise go unnoticed until the fallback is needed.
 */
final class FallbackModelValidator {

	private static final String PROPERTY = "grok.fallback.models";

	private final ModelCatalog catalog;

	private final @Nullable String host;

	/**
	 * Creates the validator.
	 * @param catalog the models
	 * @param host the host of the base URL
	 */
	FallbackModelValidator(ModelCatalog catalog, @Nullable String host) {
		this.catalog = catalog;
		this.host = host;
	}

	/**
	 * Validates models.
	 * @param names ids or aliases
	 * @throws GrokConfigurationException if one of them cannot be used or is duplicated
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
						"contains '" + name + "', which this version does not support as a chat model", "Remove it.");
			}
			RegionalHost.requireServed(PROPERTY, name, this.catalog, this.host);
			String earlier = seen.putIfAbsent(model.id(), name);
			if (earlier != null) {
				throw new GrokConfigurationException(PROPERTY,
						earlier.equals(name) ? "contains '" + name + "' twice"
								: "contains '" + earlier + "' and '" + name + "', which are the same model",
						"Remove the duplicate.");
			}
		}
	}

	private GrokConfigurationException unknown(String name) {
		List<String> similar = this.catalog.similar(name);
		return new GrokConfigurationException(PROPERTY,
				"contains '" + name + "', which is not in the model catalog"
						+ (similar.isEmpty() ? "" : "; similar models: '" + String.join("', '", similar) + "'"),
				"Replace it with the id of a known model, or add the model to 'grok.models'.");
	}

	private static GrokConfigurationException retired(String name, GrokModel model) {
		if (model.status() == GrokModel.Status.UNLISTED) {
			return new GrokConfigurationException(PROPERTY, "contains '" + name + "', which xAI no longer lists",
					"Replace it with a listed model, or remove it.");
		}
		GrokModel.Retirement retirement = model.retirement();
		String on = (retirement != null && retirement.on() != null) ? " on " + retirement.on() : "";
		return new GrokConfigurationException(PROPERTY, "contains '" + name + "', which xAI retired" + on,
				(retirement != null && retirement.replacement() != null)
						? "Replace it with '" + retirement.replacement() + "', or remove it."
						: "Replace it with a current model, or remove it.");
	}

}
