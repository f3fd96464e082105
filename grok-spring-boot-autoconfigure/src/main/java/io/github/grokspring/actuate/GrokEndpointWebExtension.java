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
 * What the {@link GrokEndpoint} does differently over HTTP: it looks who asks, and says
 * in the body of an answer why a request makes no sense.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = GrokEndpoint.class)
public class GrokEndpointWebExtension {

	private final GrokEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showValues when values are shown that may be private
	 * @param roles to whom, all who are authenticated if empty
	 */
	public GrokEndpointWebExtension(GrokEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Show everything.
	 * @param securityContext who asks
	 * @return what there is
	 */
	@ReadOperation
	public GrokDescriptor grok(SecurityContext securityContext) {
		return this.delegate.grok(this.showValues.isShown(securityContext, this.roles));
	}

	/**
	 * Empty the cache of answers.
	 * @param section {@code cache}
	 * @return an empty answer, or one that says why not
	 */
	@DeleteOperation
	public WebEndpointResponse<ErrorBody> clear(@Selector String section) {
		return answer(() -> this.delegate.clear(section));
	}

	/**
	 * Closes a circuit breaker, or corrects what a budget has used.
	 * @param section {@code circuit-breakers} or {@code budgets}
	 * @param name its name
	 * @param state {@code closed}, for a circuit breaker
	 * @param scopeValue the client, model or tenant whose limit it is, for a budget with
	 * a scope
	 * @param delta the US dollars to add, negative to take them off, for a budget
	 * @return an empty answer, or one that says why not
	 */
	@WriteOperation
	public WebEndpointResponse<ErrorBody> change(@Selector String section,
			@Selector(match = Match.ALL_REMAINING) String[] name, @Nullable String state, @Nullable String scopeValue,
			@Nullable String delta) {
		return answer(() -> {
			if (GrokEndpoint.BUDGETS.equals(section)) {
				this.delegate.adjust(String.join("/", name), scopeValue, delta);
			}
			else {
				this.delegate.change(section, name, state);
			}
		});
	}

	private static WebEndpointResponse<ErrorBody> answer(Runnable change) {
		try {
			change.run();
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
		}
		catch (InvalidEndpointRequestException ex) {
			return new WebEndpointResponse<>(new ErrorBody(ex.getReason()),
					(ex instanceof GrokEndpoint.UnknownException) ? WebEndpointResponse.STATUS_NOT_FOUND
							: WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	/**
	 * Why a request makes no sense.
	 *
	 * @param error what is wrong with it
	 */
	public record ErrorBody(@Nullable String error) {

	}

}
