package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Validates models against the regional host that the base URL names: it serves a few
 * models only.
 */
final class RegionalHost {

	static final String US = "us";

	private static final String US_HOST = "us.api.x.ai";

	private RegionalHost() {
	}

	/**
	 * Returns the region of a host.
	 * @param host the host of the base URL
	 * @return the region, {@code null} if it is no regional host
	 */
	static @Nullable String region(@Nullable String host) {
		return US_HOST.equalsIgnoreCase(host) ? US : null;
	}

	/**
	 * Requires a model to be served by a host.
	 * @param property the property that names the model
	 * @param name the name of the model
	 * @param catalog knows the models; one that it does not know, or that the application
	 * has added to it, is not judged
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
				"Write " + (served.isEmpty() ? "another model" : "one of '" + served + "'")
						+ ", let 'grok.base-url' be https://api.x.ai/v1, or, if the host does serve it by now, set"
						+ " 'grok.models.[" + model.id() + "].regions' to '" + region + "'.");
	}

}
