package io.github.grokspring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.grokspring.ratelimit.ModelRateLimits;
import org.jspecify.annotations.Nullable;

/**
 * Response of the {@link GrokEndpoint}: names, numbers and times, but no API keys,
 * prompts or responses of models. Amounts are decimal strings in US dollars. {@code null}
 * values are omitted.
 *
 * @param clients the clients
 * @param catalog the model catalog
 * @param spend the spend of this application
 * @param budgets the budgets, {@code null} if they cannot be read
 * @param limits the rate limits, {@code null} if there are none
 * @param circuitBreakers the circuit breakers
 * @param cache the response cache, {@code null} if there is none
 * @param errors the failures by kind
 * @param learned the learned unsupported parameters, by model
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GrokDescriptor(List<Client> clients, Catalog catalog, Spend spend, @Nullable List<Budget> budgets,
		@Nullable Limits limits, List<CircuitBreaker> circuitBreakers, @Nullable Cache cache, List<Failure> errors,
		Map<String, Set<String>> learned) {

	/**
	 * A client.
	 *
	 * @param name the name, {@code default} for the default client
	 * @param model the default model
	 * @param api the API
	 * @param transport the transport
	 * @param host the host that requests are sent to
	 * @param systemPrompt whether there is a system prompt, possibly sanitized
	 * @param serverTools the server-side tools
	 * @param mcp the MCP servers that xAI may use
	 * @param stages the stages of a request, outermost first
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Client(String name, @Nullable String model, String api, @Nullable String transport,
			@Nullable String host, @Nullable Object systemPrompt, List<String> serverTools, List<McpServer> mcp,
			List<String> stages) {

	}

	/**
	 * An MCP server, without its URL, which may contain a key.
	 *
	 * @param label the label
	 * @param host the host, possibly sanitized
	 * @param headers the names of the headers, possibly sanitized
	 * @param allowedTools the allowed tools, empty for all
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record McpServer(String label, @Nullable Object host, @Nullable Object headers, List<String> allowedTools) {

	}

	/**
	 * The model catalog.
	 *
	 * @param checked the latest date on which a model was compared with xAI's
	 * documentation
	 * @param refreshes the number of refreshes since startup
	 * @param models the available chat models and the models of the clients
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Catalog(@Nullable LocalDate checked, long refreshes, List<Model> models) {

	}

	/**
	 * A model.
	 *
	 * @param id the ID
	 * @param known whether the catalog contains the model
	 * @param status {@code current}, {@code unlisted}, {@code redirected} or
	 * {@code retired}
	 * @param contextWindow the maximum number of tokens of prompt and response together
	 * @param price the current price
	 * @param retirement the retirement, {@code null} for current models
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Model(String id, boolean known, String status, @Nullable Integer contextWindow, @Nullable Price price,
			@Nullable Retirement retirement) {

	}

	/**
	 * Prices per million tokens.
	 *
	 * @param input the price of uncached prompt tokens
	 * @param cachedInput the price of cached prompt tokens
	 * @param imageInput the price of image tokens
	 * @param output the price of output tokens, including reasoning
	 * @param longContext the prices of long prompts, if they differ
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Price(String input, String cachedInput, String imageInput, String output,
			@Nullable LongContext longContext) {

	}

	/**
	 * Prices of long prompts per million tokens.
	 *
	 * @param from the number of prompt tokens from which these prices apply
	 * @param input the price of uncached prompt tokens
	 * @param cachedInput the price of cached prompt tokens
	 * @param output the price of output tokens, including reasoning
	 */
	public record LongContext(int from, String input, String cachedInput, String output) {

	}

	/**
	 * Retirement of a model.
	 *
	 * @param on the date of the retirement
	 * @param replacement the model that answers or should be used instead
	 * @param effort the reasoning effort of the replacement
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Retirement(@Nullable LocalDate on, @Nullable String replacement, @Nullable String effort) {

	}

	/**
	 * All details of a model.
	 *
	 * @param model the model
	 * @param aliases the aliases
	 * @param released the release date
	 * @param checked the date on which the catalog was last compared with xAI's
	 * documentation
	 * @param knowledgeCutoff the month in which the training data ends
	 * @param reads the input modalities
	 * @param writes the output modalities
	 * @param endpoints the endpoints that serve the model
	 * @param reasoning whether the model reasons
	 * @param reasoningEfforts the supported reasoning efforts
	 * @param defaultReasoningEffort the default reasoning effort
	 * @param refusedParameters the parameters that the model rejects
	 * @param ignoredParameters the parameters that the model ignores
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record ModelDetail(Model model, List<String> aliases, @Nullable LocalDate released,
			@Nullable LocalDate checked, @Nullable YearMonth knowledgeCutoff, List<String> reads, List<String> writes,
			List<String> endpoints, String reasoning, List<String> reasoningEfforts,
			@Nullable String defaultReasoningEffort, List<String> refusedParameters, List<String> ignoredParameters) {

	}

	/**
	 * Spend of this application.
	 *
	 * @param zone the time zone of the date
	 * @param since the start of the total
	 * @param date the current date
	 * @param today the spend of the current date
	 * @param total the total spend
	 * @param clients the spend by client and model
	 */
	public record Spend(String zone, Instant since, LocalDate date, Amount today, Amount total,
			List<ClientSpend> clients) {

	}

	/**
	 * Spend of a client on a model.
	 *
	 * @param client the client
	 * @param model the model that answered
	 * @param today the spend of the current date
	 * @param total the total spend
	 */
	public record ClientSpend(String client, String model, Amount today, Amount total) {

	}

	/**
	 * An amount spent.
	 *
	 * @param usd the amount in US dollars
	 * @param attempts the number of attempts
	 * @param tokens the number of tokens
	 */
	public record Amount(String usd, long attempts, Tokens tokens) {

	}

	/**
	 * Tokens by disjoint types.
	 *
	 * @param input the uncached prompt tokens
	 * @param cachedInput the cached prompt tokens
	 * @param output the visible output tokens
	 * @param reasoning the reasoning tokens
	 */
	public record Tokens(long input, long cachedInput, long output, long reasoning) {

	}

	/**
	 * A budget, or its share of one client, model or tenant.
	 *
	 * @param name the name
	 * @param scope the scope of the limit
	 * @param scopeValue the client, model or tenant; tenants may be sanitized
	 * @param limit the limit
	 * @param used the amount spent
	 * @param reserved the amount reserved for calls in progress
	 * @param remaining the remaining amount
	 * @param windowStart the start of the window
	 * @param resetsAt the end of the window
	 * @param exhausted whether the budget is exhausted
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Budget(String name, String scope, @Nullable Object scopeValue, String limit, String used,
			String reserved, String remaining, @Nullable Instant windowStart, @Nullable Instant resetsAt,
			boolean exhausted) {

	}

	/**
	 * Rate limits.
	 *
	 * @param configured the configured limits
	 * @param active the number of requests in progress
	 * @param queued the number of waiting requests
	 * @param models the configured, learned and remaining limits of the requested models
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Limits(@Nullable ConfiguredLimits configured, int active, int queued, List<ModelRateLimits> models) {

	}

	/**
	 * Configured rate limits; {@code null} is unlimited.
	 *
	 * @param requestsPerMinute the requests per minute and model
	 * @param tokensPerMinute the tokens per minute and model
	 * @param maxConcurrent the maximum number of concurrent requests
	 * @param maxQueued the maximum number of waiting requests
	 * @param maxWait the maximum time to wait
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record ConfiguredLimits(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute,
			@Nullable Integer maxConcurrent, int maxQueued, Duration maxWait) {

	}

	/**
	 * A circuit breaker.
	 *
	 * @param name the name
	 * @param client the client
	 * @param model the model
	 * @param state {@code closed}, {@code open} or {@code half-open}
	 * @param failureRate the failure rate in percent, {@code null} if there are too few
	 * calls
	 * @param until the time until which an open circuit breaker rejects calls
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record CircuitBreaker(String name, String client, String model, String state, @Nullable Double failureRate,
			@Nullable Instant until) {

	}

	/**
	 * The response cache.
	 *
	 * @param hits the number of cache hits
	 * @param misses the number of cache misses
	 * @param shared the number of calls that shared the response of a concurrent one
	 * @param savedUsd the saved cost in US dollars
	 */
	public record Cache(long hits, long misses, long shared, String savedUsd) {

	}

	/**
	 * Failed attempts of a kind, or calls that this application rejected for a reason.
	 *
	 * @param kind the kind of failure or the reason
	 * @param count the number of attempts or calls
	 * @param lastAt the time of the last one
	 * @param client the client of the last one
	 * @param model the requested model of the last one
	 */
	public record Failure(String kind, long count, Instant lastAt, String client, String model) {

	}

}
