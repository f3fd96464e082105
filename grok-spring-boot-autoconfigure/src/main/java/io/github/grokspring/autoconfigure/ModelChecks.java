package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Holds the model of a client against the catalogue when the application starts: what
 * cannot work ends the start, what works otherwise than expected is warned about.
 */
final class ModelChecks {

	private static final Log logger = LogFactory.getLog(ModelChecks.class);

	private static final int TICKS_PER_TOKEN_OF_A_DOLLAR_PER_MILLION = 4;

	private final ModelCatalog catalog;

	private final Clock clock;

	ModelChecks(ModelCatalog catalog, Clock clock) {
		this.catalog = catalog;
		this.clock = clock;
	}

	/**
	 * Check a client.
	 * @param client the client, with everything that applies to it
	 * @throws GrokConfigurationException if its model cannot answer, or refuses the
	 * reasoning effort that is set for it
	 */
	void check(GrokClientSettings client) {
		String name = String.valueOf(client.chat().model());
		GrokModel model = this.catalog.find(name);
		if (model == null) {
			warnOfUnknown(client, name);
			return;
		}
		requireChat(client, name, model);
		if (model.status() != GrokModel.Status.CURRENT) {
			warnOfRetired(client, name, model);
		}
		requireEffort(client, name, model);
	}

	private static void requireChat(GrokClientSettings client, String name, GrokModel model) {
		if (model.endpoints().isEmpty() || model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS)) {
			return;
		}
		boolean responses = model.endpoints().contains(GrokModel.Endpoint.RESPONSES);
		throw new GrokConfigurationException(modelProperty(client), "is '" + name + "', "
				+ (responses ? "which only the Responses API serves, and this version serves only Chat Completions"
						: "which makes " + String.join(" and ", model.outputModalities()) + " and does not chat"),
				"Choose a model that chats, such as 'grok-4.3'.");
	}

	// An effort that is only inherited is adapted to the model like one of a request.
	private static void requireEffort(GrokClientSettings client, String name, GrokModel model) {
		GrokChatProperties.ReasoningEffort effort = client.own().reasoningEffort();
		String value = (effort != null) ? effort.name().toLowerCase(Locale.ROOT) : null;
		List<String> known = model.reasoningEfforts();
		if (value == null || known.contains(value)) {
			return;
		}
		String property = client.prefix() + ".reasoning-effort";
		if (known.isEmpty()) {
			throw new GrokConfigurationException(property,
					"is '" + value + "', but '" + name + "' refuses a reasoning effort: it "
							+ ((model.reasoning() == GrokModel.Reasoning.NONE) ? "never" : "always") + " thinks",
					"Remove the property, or choose a model that can be told how long to think, such as 'grok-4.3'.");
		}
		throw new GrokConfigurationException(property, "is '" + value + "', which '" + name + "' refuses",
				"Write one of " + String.join(", ", known) + ", or remove the property to leave it at '"
						+ model.defaultReasoningEffort() + "'.");
	}

	private void warnOfUnknown(GrokClientSettings client, String name) {
		List<String> similar = this.catalog.similar(name);
		logger.warn("'" + modelProperty(client) + "' is '" + name + "', which is not in the catalogue of models"
				+ (similar.isEmpty() ? "" : " (it has '" + String.join("', '", similar) + "')")
				+ ". If it exists, what its family accepts is sent and its calls have no price until there is one below 'grok.models'.");
	}

	private void warnOfRetired(GrokClientSettings client, String name, GrokModel model) {
		GrokModel.Retirement retirement = model.retirement();
		GrokModel replacement = (retirement != null && retirement.replacement() != null)
				? this.catalog.find(retirement.replacement()) : null;
		String on = (retirement != null && retirement.on() != null) ? " on " + retirement.on() : "";
		boolean redirected = model.status() == GrokModel.Status.REDIRECTED;
		String effort = (redirected && retirement != null) ? retirement.effort() : null;
		StringBuilder warning = new StringBuilder();
		warning.append("'").append(modelProperty(client)).append("' is '").append(name);
		warning.append("', which xAI retired").append(on);
		if (replacement == null) {
			logger.warn(warning.append("; requests for it are likely to fail. Choose a current model."));
			return;
		}
		if (redirected) {
			warning.append(". '").append(replacement.id()).append("' answers in its place");
			warning.append((effort != null) ? " with reasoning effort '" + effort + "'" : "");
			warning.append(" and at its own price");
		}
		else {
			warning.append("; requests for it are likely to fail. xAI names '").append(replacement.id());
			warning.append("' in its place");
		}
		warning.append(priceOfBoth(model, replacement)).append(". Write '").append(replacement.id()).append("'");
		warning.append((effort != null) ? " and reasoning-effort '" + effort + "' to keep what you get." : ".");
		logger.warn(warning);
	}

	private String priceOfBoth(GrokModel model, GrokModel replacement) {
		String before = price(lastOwnPrice(model));
		String now = price(replacement.pricesAt(this.clock.instant()));
		if (now == null) {
			return "";
		}
		return ": " + now + ((before != null) ? ", where it was " + before : "");
	}

	// Once it is retired, the prices of a model are those of the one that answers.
	private @Nullable Prices lastOwnPrice(GrokModel model) {
		GrokModel.Retirement retirement = model.retirement();
		return model.pricesAt((retirement != null && retirement.on() != null)
				? retirement.on().atStartOfDay(ZoneOffset.UTC).toInstant() : this.clock.instant());
	}

	private static @Nullable String price(@Nullable Prices prices) {
		if (prices == null || prices.tokens() == null) {
			return null;
		}
		return dollars(prices.tokens().input()) + " USD per million tokens in and " + dollars(prices.tokens().output())
				+ " out";
	}

	private static String dollars(long ticksPerToken) {
		return BigDecimal.valueOf(ticksPerToken, TICKS_PER_TOKEN_OF_A_DOLLAR_PER_MILLION)
			.stripTrailingZeros()
			.toPlainString();
	}

	private static String modelProperty(GrokClientSettings client) {
		return client.property("model", GrokChatProperties::model);
	}

}
