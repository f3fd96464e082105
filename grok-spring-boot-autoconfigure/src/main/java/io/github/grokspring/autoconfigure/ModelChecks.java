package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.RequestFields;
import io.github.grokspring.chain.ResponsesNeeds;
import io.github.grokspring.scrub.OnUnsupported;
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

	private final boolean refreshes;

	private final OnUnsupported onUnsupported;

	private final Clock clock;

	private final @Nullable String host;

	private final boolean allowInsecure;

	private final Set<String> warnings = ConcurrentHashMap.newKeySet();

	/**
	 * Create checks.
	 * @param catalog what is known of models
	 * @param refreshes whether the catalogue is going to learn what it does not know yet
	 * @param onUnsupported what becomes of what a model refuses
	 * @param clock tells which prices hold
	 * @param host the host of the base URL
	 * @param allowInsecure whether secrets may be sent unencrypted
	 */
	ModelChecks(ModelCatalog catalog, boolean refreshes, OnUnsupported onUnsupported, Clock clock,
			@Nullable String host, boolean allowInsecure) {
		this.catalog = catalog;
		this.refreshes = refreshes;
		this.onUnsupported = onUnsupported;
		this.clock = clock;
		this.host = host;
		this.allowInsecure = allowInsecure;
	}

	/**
	 * Check a client.
	 * @param client the client, with everything that applies to it
	 * @throws GrokConfigurationException if its model cannot answer, or refuses the
	 * reasoning effort that is set for it
	 */
	void check(GrokClientSettings client) {
		EndpointChecks.check(client, this.catalog);
		if (!this.allowInsecure) {
			EndpointChecks.checkEncrypted(client);
		}
		String name = String.valueOf(client.chat().model());
		GrokModel model = this.catalog.find(name);
		if (model == null) {
			requireXai(client, name);
			warnOfUnknown(client, name);
			return;
		}
		requireChat(client, name, model);
		RegionalHost.requireServed(modelProperty(client), name, this.catalog, this.host);
		if (model.status() != GrokModel.Status.CURRENT) {
			warnOfRetired(client, name, model);
		}
		checkEffort(client, name, model);
		checkRefused(client, name, model);
	}

	// Hosts of others may serve any model
	private void requireXai(GrokClientSettings client, String name) {
		String provider = (this.host != null && BaseUrl.isXai(this.host)) ? OtherProvider.of(name) : null;
		if (provider != null) {
			throw new GrokConfigurationException(modelProperty(client),
					"is '" + name + "', a model of " + provider + ", which '" + this.host + "' does not serve",
					"Write a model of xAI, such as 'grok-4.3', or set 'grok.base-url' to a gateway that serves '" + name
							+ "'.");
		}
	}

	private void checkRefused(GrokClientSettings client, String name, GrokModel model) {
		GrokApi endpoint = ResponsesNeeds.endpoint(client.chat().toOptions(), this.catalog);
		checkRefused(client, name, model, "max-tokens", RequestFields.tokenLimit(endpoint),
				GrokChatProperties::maxTokens);
		checkRefused(client, name, model, "stop", "stop",
				(chat) -> (chat.stop() != null && !chat.stop().isEmpty()) ? chat.stop() : null);
		checkRefused(client, name, model, "presence-penalty", "presence_penalty", GrokChatProperties::presencePenalty);
		checkRefused(client, name, model, "frequency-penalty", "frequency_penalty",
				GrokChatProperties::frequencyPenalty);
	}

	/**
	 * Whether secrets may be sent unencrypted.
	 */
	boolean allowsInsecure() {
		return this.allowInsecure;
	}

	// What is only inherited is left out without a word, as it is meant for others
	private void checkRefused(GrokClientSettings client, String name, GrokModel model, String key, String field,
			Function<GrokChatProperties, @Nullable Object> value) {
		if (value.apply(client.chat()) == null || !model.refuses(field)) {
			return;
		}
		String property = client.property(key, value);
		if (this.onUnsupported == OnUnsupported.FAIL) {
			throw new GrokConfigurationException(property,
					"is set, but '" + name
							+ "' refuses it, and 'grok.scrub.on-unsupported' is 'fail', so that requests of client '"
							+ client.name() + "' would fail",
					"Remove the property, choose another model, or set 'grok.scrub.on-unsupported' to 'drop'.");
		}
		if (value.apply(client.own()) == null) {
			return;
		}
		boolean limit = "max-tokens".equals(key);
		warn(property, name,
				(limit ? "is " + client.own().maxTokens() + ", but '" + name + "' refuses a token limit; "
						: "is set, but '" + name + "' refuses it; ")
						+ ((this.onUnsupported == OnUnsupported.PASS)
								? "it is sent all the same, because nothing is scrubbed, and requests fail. "
								: "it is not sent"
										+ (limit ? ", and budgets reserve for a response without a limit. " : ". "))
						+ "Remove the property, or choose another model.");
	}

	private void checkEffort(GrokClientSettings client, String name, GrokModel model) {
		GrokChatProperties.ReasoningEffort effort = client.chat().reasoningEffort();
		if (effort == null || model.reasoningEfforts().contains(wireName(effort))) {
			return;
		}
		if (client.own().reasoningEffort() != null) {
			throw refusedEffort(client.prefix() + ".reasoning-effort", wireName(effort), name, model);
		}
		warn(client.property("reasoning-effort", GrokChatProperties::reasoningEffort), name,
				"is '" + wireName(effort) + "', which '" + name + "' refuses" + consequence(effort, model));
	}

	private static void requireChat(GrokClientSettings client, String name, GrokModel model) {
		if (model.endpoints().isEmpty() || model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS)
				|| model.endpoints().contains(GrokModel.Endpoint.RESPONSES)) {
			return;
		}
		throw new GrokConfigurationException(
				modelProperty(client), "is '" + name + "', which makes "
						+ String.join(" and ", model.outputModalities()) + " output and does not chat",
				"Choose a model that chats, such as 'grok-4.3'.");
	}

	private static GrokConfigurationException refusedEffort(String property, String value, String name,
			GrokModel model) {
		List<String> known = model.reasoningEfforts();
		if (known.isEmpty()) {
			return new GrokConfigurationException(property,
					"is '" + value + "', but '" + name + "' refuses a reasoning effort: it "
							+ ((model.reasoning() == GrokModel.Reasoning.NONE) ? "never" : "always") + " thinks",
					"Remove the property, or choose a model that can be told how long to think, such as 'grok-4.3'.");
		}
		String byDefault = model.defaultReasoningEffort();
		return new GrokConfigurationException(property, "is '" + value + "', which '" + name + "' refuses",
				"Write one of " + String.join(", ", known) + ", or remove the property"
						+ ((byDefault != null) ? " to leave it at '" + byDefault + "'." : "."));
	}

	// What is only inherited is adapted to the model like what a request brings
	private String consequence(GrokChatProperties.ReasoningEffort effort, GrokModel model) {
		return switch (this.onUnsupported) {
			case PASS -> "; it is sent all the same, because nothing is scrubbed.";
			case FAIL -> "; requests that bring no effort of their own fail, because of 'grok.scrub.on-unsupported'.";
			case DROP -> {
				String nearest = nearest(effort, model);
				yield (nearest != null) ? "; '" + nearest + "' is sent instead." : "; no effort is sent.";
			}
		};
	}

	private static @Nullable String nearest(GrokChatProperties.ReasoningEffort asked, GrokModel model) {
		return Arrays.stream(GrokChatProperties.ReasoningEffort.values())
			.filter((effort) -> effort != GrokChatProperties.ReasoningEffort.NONE)
			.filter((effort) -> model.reasoningEfforts().contains(wireName(effort)))
			.min(Comparator.<GrokChatProperties.ReasoningEffort>comparingInt(
					(effort) -> Math.abs(effort.ordinal() - asked.ordinal()))
				.thenComparing(Comparator.reverseOrder()))
			.map(ModelChecks::wireName)
			.orElse(null);
	}

	private static String wireName(GrokChatProperties.ReasoningEffort effort) {
		return effort.name().toLowerCase(Locale.ROOT);
	}

	private void warnOfUnknown(GrokClientSettings client, String name) {
		if (this.refreshes) {
			return;
		}
		List<String> similar = this.catalog.similar(name);
		warn(modelProperty(client), name, "is '" + name + "', which is not in the catalogue of models"
				+ (similar.isEmpty() ? "" : " (it has '" + String.join("', '", similar) + "')")
				+ ". If it exists, what its family accepts is sent, and its calls have no price until there is one below"
				+ " 'grok.models' or 'grok.catalog.refresh' lets the catalogue learn it.");
	}

	private void warnOfRetired(GrokClientSettings client, String name, GrokModel model) {
		if (model.status() == GrokModel.Status.UNLISTED) {
			warn(modelProperty(client), name, "is '" + name + "', which xAI's list of models no longer has; requests"
					+ " for it are likely to fail. Choose a model that is listed.");
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
			warning.append(". '").append(replacement.id()).append("' has answered in its place");
			warning.append((effort != null) ? " with reasoning effort '" + effort + "'" : "");
			warning.append(" and at its own price, but xAI may have ended that, so that requests may fail with 404");
		}
		else {
			warning.append("; requests for it are likely to fail. '").append(replacement.id());
			warning.append("' is the nearest current model");
		}
		warning.append(priceOfBoth(model, replacement)).append(". Write '").append(replacement.id()).append("'");
		warning.append((effort != null) ? " and reasoning-effort '" + effort + "' to keep what you get." : ".");
		warn(modelProperty(client), name, warning.toString());
	}

	// Clients that inherit a property inherit what there is to say about it
	private void warn(String property, String model, String problem) {
		if (this.warnings.add(property + "=" + model)) {
			logger.warn("'" + property + "' " + problem);
		}
	}

	private String priceOfBoth(GrokModel model, GrokModel replacement) {
		Instant instant = this.clock.instant();
		String before = price(model.lastOwnPrices(instant));
		String now = price(replacement.pricesAt(instant));
		if (now == null) {
			return "";
		}
		return ": " + now + ((before != null) ? ", where it was " + before : "");
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
