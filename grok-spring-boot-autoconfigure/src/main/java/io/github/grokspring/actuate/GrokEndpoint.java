package io.github.grokspring.actuate;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Locale;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.error.BudgetStoreException;
import io.github.grokspring.retry.CircuitBreakers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} that shows what this application does with Grok, and can
 * empty the cache of answers, close a circuit breaker and, over HTTP, correct what a
 * budget has used. All need {@code management.endpoint.grok.access=unrestricted}.
 *
 * @since 0.1.0
 */
@Endpoint(id = "grok", defaultAccess = Access.READ_ONLY)
public class GrokEndpoint {

	private static final String MODELS = "models";

	private static final String CACHE = "cache";

	private static final String CIRCUIT_BREAKERS = "circuit-breakers";

	static final String BUDGETS = "budgets";

	private static final String CLOSED = "closed";

	private final GrokEndpointContext sources;

	private final GrokDescriptorFactory description;

	private final Show showValues;

	/**
	 * Create the endpoint.
	 * @param sources where to look
	 * @param clock tells which prices hold
	 * @param sanitizers hide values
	 * @param showValues when values are shown that may be private
	 */
	public GrokEndpoint(GrokEndpointContext sources, InstantSource clock, Iterable<SanitizingFunction> sanitizers,
			Show showValues) {
		this.sources = sources;
		this.description = new GrokDescriptorFactory(sources, clock, new Sanitizer(sanitizers));
		this.showValues = showValues;
	}

	/**
	 * Show everything.
	 * @return what there is
	 */
	@ReadOperation
	public GrokDescriptor grok() {
		return grok(this.showValues.isShown(true));
	}

	GrokDescriptor grok(boolean showValues) {
		return this.description.describe(showValues);
	}

	/**
	 * Show a model of the catalogue.
	 * @param section {@code models}
	 * @param id its id, or another name it goes by
	 * @return what is known of it, {@code null} if it is not known
	 */
	@ReadOperation
	public GrokDescriptor.@Nullable ModelDetail model(@Selector String section, @Selector String id) {
		GrokModel model = MODELS.equals(section) ? this.sources.catalog().find(id) : null;
		return (model != null) ? this.description.detail(model) : null;
	}

	/**
	 * Empty the cache of answers.
	 * @param section {@code cache}
	 * @return what was done
	 */
	@DeleteOperation
	public String clear(@Selector String section) {
		ResponseCache cache = this.sources.cache();
		if (!CACHE.equals(section)) {
			throw new UnknownException("There is no '" + section + "' to be emptied, only '" + CACHE + "'.");
		}
		if (cache == null) {
			throw new UnknownException("There is no cache of answers. It is switched on by 'grok.cache.enabled'.");
		}
		cache.clear();
		return "The cache of answers is empty.";
	}

	/**
	 * Close a circuit breaker.
	 * @param section {@code circuit-breakers}
	 * @param name its name
	 * @param state {@code closed}
	 * @return what was done
	 */
	@WriteOperation
	public String change(@Selector String section, @Selector(match = Match.ALL_REMAINING) String[] name,
			@Nullable String state) {
		// Names of models may have slashes
		String breaker = String.join("/", name);
		CircuitBreakers breakers = this.sources.circuitBreakers();
		if (!CIRCUIT_BREAKERS.equals(section)) {
			throw new UnknownException("There is no '" + section + "' to be changed, only '" + CIRCUIT_BREAKERS + "'.");
		}
		if (state == null || !CLOSED.equals(state.toLowerCase(Locale.ROOT))) {
			throw new InvalidEndpointRequestException("The state of a circuit breaker cannot be set to " + state,
					"A circuit breaker can only be closed: send {\"state\":\"closed\"}.");
		}
		if (breakers == null || !breakers.reset(breaker)) {
			throw new UnknownException("There is no circuit breaker '" + breaker
					+ "'. Those that there are stand under 'circuitBreakers', with their names.");
		}
		return "The circuit breaker '" + breaker + "' is closed.";
	}

	/**
	 * Corrects what a budget has used in its current window.
	 * @param name the name of the budget
	 * @param scopeValue the client, model or tenant whose limit it is, if it has a scope
	 * @param delta the US dollars to add, negative to take them off
	 */
	void adjust(String name, @Nullable String scopeValue, @Nullable String delta) {
		Budgets budgets = this.sources.budgets();
		if (budgets == null || budgets.budgets().stream().noneMatch((budget) -> budget.name().equals(name))) {
			throw new UnknownException(
					"There is no budget '" + name + "'. Those that there are stand under 'budgets', with their names.");
		}
		try {
			budgets.adjust(name, scopeValue, new BigDecimal(String.valueOf(delta)));
		}
		catch (NumberFormatException ex) {
			String reason = "'delta' must be an amount in US dollars: send {\"delta\":\"-7.50\"}.";
			throw new InvalidEndpointRequestException(reason, reason);
		}
		catch (IllegalArgumentException | UnsupportedOperationException | BudgetStoreException ex) {
			String reason = String.valueOf(ex.getMessage());
			throw new InvalidEndpointRequestException(reason, reason);
		}
	}

	/**
	 * What a request names is not there.
	 */
	@SuppressWarnings("serial")
	static final class UnknownException extends InvalidEndpointRequestException {

		UnknownException(String message) {
			super(message, message);
		}

	}

}
