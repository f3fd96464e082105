package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Validates models against the regional host of the base URL, which serves a subset of
 * the models.
 */
final class RegionalHost {

	static final String US = "us";

	private static final String US_HOST = "us.api.x.ai";

	private RegionalHost() {
	}

	/**
	 * Returns the region of a host.
	 * @param host the host of the base URL
	 * @return the region, or {@code null} if it is not a regional host
	 */
	static @Nullable String region(@Nullable String host) {
		return US_HOST.equalsIgnoreCase(host) ? US : null;
	}

	/**
	 * Requires a model to be served by a host.
	 * @param property the property that names the model
	 * @param name the name of the model
	 * @param catalog the models; an unknown model, or one that the application has added,
	 * is not validated
	 * @param host the host of the base URL
	 * @throws GrokConfigurationException if the model is known not to be served
	 */
	static void requireServed(String property, String name, ModelCatalog catalog, @Nullable String host) {
		String region = region(host);
		GrokModel model = catalog.resolve(name);
		if (region == null || model.checked() == null || model.regions().contains(region)) {
			return;
		}
		String served = String.join("', '",
				catalog.models()
					.stream()
					.filter((candidate) -> candidate.status() == GrokModel.Status.CURRENT
							&& candidate.regions().contains(region))
					.map(GrokModel::id)
					.toList());
		throw new GrokConfigurationException(property, "is '" + name + "', which " + host + " does not serve",
				"Set the property to " + (served.isEmpty() ? "another model" : "one of '" + served + "'")
						+ ", or set 'grok.base-url' to https://api.x.ai/v1. If the host now serves the model, set"
						+ " 'grok.models.[" + model.id() + "].regions' to '" + region + "'.");
	}

}
