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
 * {@link Endpoint @Endpoint} that shows the state of Grok clients. Write operations clear
 * the response cache, close a circuit breaker and, over HTTP, adjust the usage of a
 * budget; they require {@code management.endpoint.grok.access=unrestricted}.
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

	private final GrokEndpointContext context;

	private final GrokDescriptorFactory descriptorFactory;

	private final Show showValues;

	/**
	 * Creates the endpoint.
	 * @param context the sources of the endpoint
	 * @param clock the clock that determines current prices
	 * @param sanitizers the sanitizing functions
	 * @param showValues when to show values unsanitized
	 */
	public GrokEndpoint(GrokEndpointContext context, InstantSource clock, Iterable<SanitizingFunction> sanitizers,
			Show showValues) {
		this.context = context;
		this.descriptorFactory = new GrokDescriptorFactory(context, clock, new Sanitizer(sanitizers));
		this.showValues = showValues;
	}

	/**
	 * Returns the state of all clients.
	 * @return the state
	 */
	@ReadOperation
	public GrokDescriptor grok() {
		return grok(this.showValues.isShown(true));
	}

	GrokDescriptor grok(boolean showValues) {
		return this.descriptorFactory.create(showValues);
	}

	/**
	 * Returns the details of a model.
	 * @param section {@code models}
	 * @param id the ID or alias of the model
	 * @return the details, or {@code null} if the model is not known
	 */
	@ReadOperation
	public GrokDescriptor.@Nullable ModelDetail model(@Selector String section, @Selector String id) {
		GrokModel model = MODELS.equals(section) ? this.context.catalog().find(id) : null;
		return (model != null) ? this.descriptorFactory.createDetail(model) : null;
	}

	/**
	 * Clears the response cache.
	 * @param section {@code cache}
	 * @return a confirmation
	 */
	@DeleteOperation
	public String clear(@Selector String section) {
		ResponseCache cache = this.context.cache();
		if (!CACHE.equals(section)) {
			throw new NotFoundException("'" + section + "' cannot be cleared, only '" + CACHE + "'.");
		}
		if (cache == null) {
			throw new NotFoundException("There is no response cache. Set 'grok.cache.enabled' to 'true' to enable it.");
		}
		cache.clear();
		return "The response cache was cleared.";
	}

	/**
	 * Closes a circuit breaker.
	 * @param section {@code circuit-breakers}
	 * @param name the segments of the name
	 * @param state {@code closed}
	 * @return a confirmation
	 */
	@WriteOperation
	public String change(@Selector String section, @Selector(match = Match.ALL_REMAINING) String[] name,
			@Nullable String state) {
		// Model names may contain slashes
		String breaker = String.join("/", name);
		CircuitBreakers breakers = this.context.circuitBreakers();
		if (!CIRCUIT_BREAKERS.equals(section)) {
			throw new NotFoundException("'" + section + "' cannot be changed, only '" + CIRCUIT_BREAKERS + "'.");
		}
		if (state == null || !CLOSED.equals(state.toLowerCase(Locale.ROOT))) {
			throw new InvalidEndpointRequestException("The state of a circuit breaker cannot be set to " + state,
					"Send {\"state\":\"closed\"}. A circuit breaker can only be closed.");
		}
		if (breakers == null || !breakers.reset(breaker)) {
			throw new NotFoundException(
					"There is no circuit breaker '" + breaker + "'. 'circuitBreakers' lists the existing ones.");
		}
		return "The circuit breaker '" + breaker + "' was closed.";
	}

	/**
	 * Adjusts the usage of a budget in the current window.
	 * @param name the name of the budget
	 * @param scopeValue the client, model or tenant, for a budget with a scope
	 * @param delta the amount to add in US dollars, may be negative
	 */
	void adjust(String name, @Nullable String scopeValue, @Nullable String delta) {
		Budgets budgets = this.context.budgets();
		if (budgets == null || budgets.budgets().stream().noneMatch((budget) -> budget.name().equals(name))) {
			throw new NotFoundException("There is no budget '" + name + "'. 'budgets' lists the existing ones.");
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

	@SuppressWarnings("serial")
	static final class NotFoundException extends InvalidEndpointRequestException {

		NotFoundException(String message) {
			super(message, message);
		}

	}

}
