package io.github.grokspring.autoconfigure;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.ReasoningEfforts;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.scrub.OnUnsupported;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Validates the model of a client against the catalog at startup. An invalid combination
 * prevents the start, an unexpected one logs a warning.
 */
final class ModelValidator {

	private static final Log logger = LogFactory.getLog(ModelValidator.class);

	private final ModelCatalog catalog;

	private final boolean refreshes;

	private final OnUnsupported onUnsupported;

	private final Clock clock;

	private final @Nullable String host;

	private final boolean allowInsecure;

	private final WarnOnce warnings = new WarnOnce();

	/**
	 * Creates the validator.
	 * @param catalog the models
	 * @param refreshes whether the catalog is refreshed, which may add unknown models
	 * @param onUnsupported the action for unsupported parameters
	 * @param clock the clock that determines the current prices
	 * @param host the host of the base URL
	 * @param allowInsecure whether secrets may be sent unencrypted
	 */
	ModelValidator(ModelCatalog catalog, boolean refreshes, OnUnsupported onUnsupported, Clock clock,
			@Nullable String host, boolean allowInsecure) {
		this.catalog = catalog;
		this.refreshes = refreshes;
		this.onUnsupported = onUnsupported;
		this.clock = clock;
		this.host = host;
		this.allowInsecure = allowInsecure;
	}

	/**
	 * Validates a client.
	 * @param client the settings of the client
	 * @throws GrokConfigurationException if its model cannot be used, or rejects the
	 * reasoning effort that is set for it
	 */
	void check(GrokClientSettings client) {
		EndpointValidator.check(client, this.catalog);
		if (!this.allowInsecure) {
			EndpointValidator.checkEncrypted(client);
		}
		String name = String.valueOf(client.chat().model());
		GrokModel model = this.catalog.find(name);
		if (model == null) {
			requireXai(client, name);
			warnAboutUnknown(client, name);
			return;
		}
		requireChat(client, name, model);
		RegionalHost.requireServed(modelProperty(client), name, this.catalog, this.host);
		if (model.status() != GrokModel.Status.CURRENT) {
			warnAboutRetired(client, name, model);
		}
		checkEffort(client, name, model);
		checkUnsupported(client, name, model);
	}

	// Other hosts may serve any model
	private void requireXai(GrokClientSettings client, String name) {
		String provider = (this.host != null && BaseUrl.isXai(this.host)) ? OtherProvider.of(name) : null;
		if (provider != null) {
			throw new GrokConfigurationException(modelProperty(client),
					"is '" + name + "', a model of " + provider + ", which '" + this.host + "' does not serve",
					"Set the property to an xAI model, for example 'grok-4.3', or set 'grok.base-url' to a gateway that"
							+ " serves '" + name + "'.");
		}
	}

	private void checkUnsupported(GrokClientSettings client, String name, GrokModel model) {
		GrokApi endpoint = EndpointSelector.select(client.chat().toOptions(), this.catalog);
		checkUnsupported(client, name, model, "max-tokens", ReservedFields.tokenLimit(endpoint),
				GrokChatProperties::maxTokens);
		checkUnsupported(client, name, model, "stop", "stop",
				(chat) -> (chat.stop() != null && !chat.stop().isEmpty()) ? chat.stop() : null);
		checkUnsupported(client, name, model, "presence-penalty", "presence_penalty",
				GrokChatProperties::presencePenalty);
		checkUnsupported(client, name, model, "frequency-penalty", "frequency_penalty",
				GrokChatProperties::frequencyPenalty);
	}

	/**
	 * Whether secrets may be sent unencrypted.
	 */
	boolean allowsInsecure() {
		return this.allowInsecure;
	}

	// No warning about inherited values, which may be intended for other clients
	private void checkUnsupported(GrokClientSettings client, String name, GrokModel model, String key, String field,
			Function<GrokChatProperties, @Nullable Object> value) {
		if (value.apply(client.chat()) == null || !model.refuses(field)) {
			return;
		}
		String property = client.property(key, value);
		if (this.onUnsupported == OnUnsupported.FAIL) {
			throw new GrokConfigurationException(property,
					"is set, but '" + name
							+ "' rejects it and 'grok.scrub.on-unsupported' is 'fail', so requests of client '"
							+ client.name() + "' would fail",
					"Remove the property, choose another model, or set 'grok.scrub.on-unsupported' to 'drop'.");
		}
		if (value.apply(client.own()) == null) {
			return;
		}
		boolean limit = "max-tokens".equals(key);
		warn(property, name, (limit ? "is " + client.own().maxTokens() + ", but '" + name + "' rejects a token limit; "
				: "is set, but '" + name + "' rejects it; ")
				+ ((this.onUnsupported == OnUnsupported.PASS)
						? "it is sent anyway, because scrubbing is disabled, and requests fail. "
						: "it is not sent" + (limit
								? ", and budgets reserve the amount for a response with unlimited output. " : ". "))
				+ "Remove the property, or choose another model.");
	}

	private void checkEffort(GrokClientSettings client, String name, GrokModel model) {
		GrokChatProperties.ReasoningEffort effort = client.chat().reasoningEffort();
		if (effort == null || model.reasoningEfforts().contains(wireName(effort))) {
			return;
		}
		if (client.own().reasoningEffort() != null) {
			throw unsupportedEffort(client.prefix() + ".reasoning-effort", wireName(effort), name, model);
		}
		warn(client.property("reasoning-effort", GrokChatProperties::reasoningEffort), name,
				"is '" + wireName(effort) + "', which '" + name + "' rejects" + consequence(effort, model));
	}

	private static void requireChat(GrokClientSettings client, String name, GrokModel model) {
		if (model.endpoints().isEmpty() || model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS)
				|| model.endpoints().contains(GrokModel.Endpoint.RESPONSES)) {
			return;
		}
		throw new GrokConfigurationException(modelProperty(client),
				"is '" + name + "', which produces " + String.join(" and ", model.outputModalities())
						+ " output and is not a chat model",
				"Set the property to a chat model, for example 'grok-4.3'.");
	}

	private static GrokConfigurationException unsupportedEffort(String property, String value, String name,
			GrokModel model) {
		List<String> supported = model.reasoningEfforts();
		if (supported.isEmpty()) {
			return new GrokConfigurationException(property,
					"is '" + value + "', but '" + name + "' rejects a reasoning effort, because it "
							+ ((model.reasoning() == GrokModel.Reasoning.NONE) ? "never" : "always") + " reasons",
					"Remove the property, or choose a model with a configurable reasoning effort, for example 'grok-4.3'.");
		}
		String byDefault = model.defaultReasoningEffort();
		return new GrokConfigurationException(property, "is '" + value + "', which '" + name + "' rejects",
				"Set the property to one of " + String.join(", ", supported) + ", or remove it"
						+ ((byDefault != null) ? " to use the default '" + byDefault + "'." : "."));
	}

	// Inherited values are adapted to the model like those of a request
	private String consequence(GrokChatProperties.ReasoningEffort effort, GrokModel model) {
		return switch (this.onUnsupported) {
			case PASS -> "; it is sent anyway, because scrubbing is disabled.";
			case FAIL -> "; requests that do not set an effort fail, because 'grok.scrub.on-unsupported' is 'fail'.";
			case DROP -> {
				String nearest = ReasoningEfforts.nearest(wireName(effort), model.reasoningEfforts(), Set.of());
				yield (nearest != null) ? "; '" + nearest + "' is sent instead." : "; no effort is sent.";
			}
		};
	}

	private static String wireName(GrokChatProperties.ReasoningEffort effort) {
		return effort.name().toLowerCase(Locale.ROOT);
	}

	private void warnAboutUnknown(GrokClientSettings client, String name) {
		if (this.refreshes) {
			return;
		}
		List<String> similar = this.catalog.similar(name);
		warn(modelProperty(client), name, "is '" + name + "', which is not in the model catalog"
				+ (similar.isEmpty() ? "" : " (similar models: '" + String.join("', '", similar) + "')")
				+ ". If the model exists, requests use the defaults of its family, and the cost of its calls is unknown. To set a"
				+ " price, add the model to 'grok.models' or enable 'grok.catalog.refresh'.");
	}

	private void warnAboutRetired(GrokClientSettings client, String name, GrokModel model) {
		if (model.status() == GrokModel.Status.UNLISTED) {
			warn(modelProperty(client), name, "is '" + name + "', which xAI no longer lists; requests for it are"
					+ " likely to fail. Choose a listed model.");
			return;
		}
		GrokModel.Retirement retirement = model.retirement();
		GrokModel replacement = (retirement != null && retirement.replacement() != null)
				? this.catalog.find(retirement.replacement()) : null;
		String on = (retirement != null && retirement.on() != null) ? " on " + retirement.on() : "";
		boolean redirected = model.status() == GrokModel.Status.REDIRECTED;
		boolean ownEffort = client.chat().reasoningEffort() != null;
		String effort = (redirected && retirement != null && !ownEffort) ? retirement.effort() : null;
		StringBuilder warning = new StringBuilder();
		warning.append("is '").append(name).append("', which xAI retired").append(on);
		if (replacement == null) {
			warning.append("; requests for it are likely to fail. Choose a current model.");
			warn(modelProperty(client), name, warning.toString());
			return;
		}
		if (redirected) {
			warning.append(". '").append(replacement.id()).append("' answers in its place");
			warning.append((effort != null) ? " with reasoning effort '" + effort + "'" : "");
			warning.append(
					" and at its own price. xAI may have ended this redirect, so requests may fail with status 404");
		}
		else {
			warning.append("; requests for it are likely to fail. '").append(replacement.id());
			warning.append("' is the most similar current model");
		}
		warning.append(priceComparison(model, replacement))
			.append(". Set the property to '")
			.append(replacement.id())
			.append("'");
		warning.append(
				(effort != null) ? " and 'reasoning-effort' to '" + effort + "' to keep the current behavior." : ".");
		warn(modelProperty(client), name, warning.toString());
	}

	// One warning per property, also if several clients inherit it
	private void warn(String property, String model, String problem) {
		if (this.warnings.isFirst(property, model)) {
			logger.warn("'" + property + "' " + problem);
		}
	}

	private String priceComparison(GrokModel model, GrokModel replacement) {
		Instant instant = this.clock.instant();
		String before = price(model.lastOwnPrices(instant));
		String now = price(replacement.pricesAt(instant));
		if (now == null) {
			return "";
		}
		return ": " + now + ((before != null) ? " instead of " + before : "");
	}

	private static @Nullable String price(@Nullable Prices prices) {
		if (prices == null || prices.tokens() == null) {
			return null;
		}
		return UsdFormat.formatPerMillion(prices.tokens().input()) + " USD per million input tokens and "
				+ UsdFormat.formatPerMillion(prices.tokens().output()) + " USD per million output tokens";
	}

	private static String modelProperty(GrokClientSettings client) {
		return client.property("model", GrokChatProperties::model);
	}

}
