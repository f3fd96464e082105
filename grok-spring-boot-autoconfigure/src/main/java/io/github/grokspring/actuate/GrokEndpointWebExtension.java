package io.github.grokspring.actuate;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link GrokEndpoint} that
 * considers the roles of the user and explains invalid requests in the response body.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = GrokEndpoint.class)
public class GrokEndpointWebExtension {

	private final GrokEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Creates the extension.
	 * @param delegate the endpoint
	 * @param showValues when to show values unsanitized
	 * @param roles the roles that may see them, empty for all authenticated users
	 */
	public GrokEndpointWebExtension(GrokEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Returns the state of all clients.
	 * @param securityContext the security context
	 * @return the state
	 */
	@ReadOperation
	public GrokDescriptor grok(SecurityContext securityContext) {
		return this.delegate.grok(this.showValues.isShown(securityContext, this.roles));
	}

	/**
	 * Clears the response cache.
	 * @param section {@code cache}
	 * @return an empty response, or one with an error
	 */
	@DeleteOperation
	public WebEndpointResponse<ErrorBody> clear(@Selector String section) {
		return respond(() -> this.delegate.clear(section));
	}

	/**
	 * Closes a circuit breaker, or adjusts the usage of a budget.
	 * @param section {@code circuit-breakers} or {@code budgets}
	 * @param name the segments of the name
	 * @param state {@code closed}, for a circuit breaker
	 * @param scopeValue the client, model or tenant, for a budget with a scope
	 * @param delta the amount to add in US dollars, may be negative, for a budget
	 * @return an empty response, or one with an error
	 */
	@WriteOperation
	public WebEndpointResponse<ErrorBody> change(@Selector String section,
			@Selector(match = Match.ALL_REMAINING) String[] name, @Nullable String state, @Nullable String scopeValue,
			@Nullable String delta) {
		return respond(() -> {
			if (GrokEndpoint.BUDGETS.equals(section)) {
				this.delegate.adjust(String.join("/", name), scopeValue, delta);
			}
			else {
				this.delegate.change(section, name, state);
			}
		});
	}

	private static WebEndpointResponse<ErrorBody> respond(Runnable change) {
		try {
			change.run();
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
		}
		catch (InvalidEndpointRequestException ex) {
			return new WebEndpointResponse<>(new ErrorBody(ex.getReason()),
					(ex instanceof GrokEndpoint.NotFoundException) ? WebEndpointResponse.STATUS_NOT_FOUND
							: WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	/**
	 * Body of an error response.
	 *
	 * @param error the reason
	 */
	public record ErrorBody(@Nullable String error) {

	}

}
