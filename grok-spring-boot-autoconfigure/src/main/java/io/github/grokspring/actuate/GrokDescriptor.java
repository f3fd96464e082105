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
 * What the endpoint shows: names, numbers and times. Nothing in it has room for a key, a
 * prompt or an answer. Money is in US dollars, as decimal numbers in texts. What is
 * {@code null} is left out of an answer.
 *
 * @param clients the clients
 * @param catalog what is known of the models
 * @param spend what was spent
 * @param budgets how the budgets stand, {@code null} if that cannot be found out
 * @param limits the limits that the application keeps, {@code null} if there are none
 * @param circuitBreakers the circuit breakers
 * @param cache the cache of answers, {@code null} if there is none
 * @param errors how attempts failed
 * @param learned what xAI refused in spite of the catalogue, by model
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GrokDescriptor(List<Client> clients, Catalog catalog, Spend spend, @Nullable List<Budget> budgets,
		@Nullable Limits limits, List<CircuitBreaker> circuitBreakers, @Nullable Cache cache, List<Failure> errors,
		Map<String, Set<String>> learned) {

	/**
	 * A client.
	 *
	 * @param name its name, {@code default} for the one without a name
	 * @param model the model it asks unless a request says otherwise
	 * @param api which endpoint answers
	 * @param transport what carries requests
	 * @param host where they go
	 * @param systemPrompt whether there is a system prompt, unless that is not shown
	 * @param serverTools tools that run at xAI
	 * @param mcp MCP servers that xAI may use
	 * @param stages what a request passes, outermost first
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Client(String name, @Nullable String model, String api, @Nullable String transport,
			@Nullable String host, @Nullable Object systemPrompt, List<String> serverTools, List<McpServer> mcp,
			List<String> stages) {

	}

	/**
	 * An MCP server. Its URL is not shown, because many have a key in their path.
	 *
	 * @param label what it is called
	 * @param host where it is, unless that is not shown
	 * @param headers the names of its headers, unless they are not shown
	 * @param allowedTools the only tools that may be used, all if empty
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record McpServer(String label, @Nullable Object host, @Nullable Object headers, List<String> allowedTools) {

	}

	/**
	 * The catalogue.
	 *
	 * @param checked the latest day on which a model was held against what xAI publishes
	 * @param refreshes how often the catalogue was refreshed since the start
	 * @param models the models that can be asked, and those of the clients
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Catalog(@Nullable LocalDate checked, long refreshes, List<Model> models) {

	}

	/**
	 * A model.
	 *
	 * @param id its id
	 * @param known whether it is in the catalogue
	 * @param status {@code current}, {@code unlisted}, {@code redirected} or
	 * {@code retired}
	 * @param contextWindow how many tokens prompt and answer may have together
	 * @param price what it costs today
	 * @param retirement what became of it, if it is retired
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Model(String id, boolean known, String status, @Nullable Integer contextWindow, @Nullable Price price,
			@Nullable Retirement retirement) {

	}

	/**
	 * Prices per million tokens.
	 *
	 * @param input tokens of the prompt
	 * @param cachedInput tokens of the prompt that xAI still had
	 * @param imageInput tokens of images
	 * @param output tokens of the answer, reasoning included
	 * @param longContext the prices of long prompts, if they differ
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Price(String input, String cachedInput, String imageInput, String output,
			@Nullable LongContext longContext) {

	}

	/**
	 * Prices of long prompts per million tokens.
	 *
	 * @param from how many tokens a prompt has for which they hold
	 * @param input tokens of the prompt
	 * @param cachedInput tokens of the prompt that xAI still had
	 * @param output tokens of the answer, reasoning included
	 */
	public record LongContext(int from, String input, String cachedInput, String output) {

	}

	/**
	 * What became of a model.
	 *
	 * @param on since when it is retired
	 * @param replacement which one answers, or should be asked, in its place
	 * @param effort the reasoning effort with which that one answers
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Retirement(@Nullable LocalDate on, @Nullable String replacement, @Nullable String effort) {

	}

	/**
	 * Everything about a model.
	 *
	 * @param model the essence
	 * @param aliases further names
	 * @param released when it came out
	 * @param checked when the catalogue was last held against what xAI publishes
	 * @param knowledgeCutoff month in which its training data ends
	 * @param reads what it reads
	 * @param writes what it writes
	 * @param endpoints what serves it
	 * @param reasoning whether it thinks
	 * @param reasoningEfforts how long it can be told to think
	 * @param defaultReasoningEffort how long it thinks when it is told nothing
	 * @param refusedParameters what it answers with an error
	 * @param ignoredParameters what has no effect
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record ModelDetail(Model model, List<String> aliases, @Nullable LocalDate released,
			@Nullable LocalDate checked, @Nullable YearMonth knowledgeCutoff, List<String> reads, List<String> writes,
			List<String> endpoints, String reasoning, List<String> reasoningEfforts,
			@Nullable String defaultReasoningEffort, List<String> refusedParameters, List<String> ignoredParameters) {

	}

	/**
	 * What was spent by this application.
	 *
	 * @param zone the zone of the day
	 * @param since since when everything is summed up
	 * @param date the day
	 * @param today what was spent on the day
	 * @param total what was spent altogether
	 * @param clients the same by client and model
	 */
	public record Spend(String zone, Instant since, LocalDate date, Amount today, Amount total,
			List<ClientSpend> clients) {

	}

	/**
	 * What one client spent on one model.
	 *
	 * @param client the client
	 * @param model the model that answered
	 * @param today what was spent on the day
	 * @param total what was spent altogether
	 */
	public record ClientSpend(String client, String model, Amount today, Amount total) {

	}

	/**
	 * What was spent.
	 *
	 * @param usd the money
	 * @param attempts for how many attempts
	 * @param tokens for which tokens
	 */
	public record Amount(String usd, long attempts, Tokens tokens) {

	}

	/**
	 * Tokens by type; no token is of two types.
	 *
	 * @param input prompts
	 * @param cachedInput prompts that xAI still had
	 * @param output answers
	 * @param reasoning thinking
	 */
	public record Tokens(long input, long cachedInput, long output, long reasoning) {

	}

	/**
	 * A budget, or the part of it that one client, model or tenant has.
	 *
	 * @param name its name
	 * @param scope what has a limit of its own
	 * @param scopeValue which of them; names of tenants only where values are shown
	 * @param limit what may be spent
	 * @param used what was spent
	 * @param reserved what calls under way may spend
	 * @param remaining what is left
	 * @param windowStart since when it counts
	 * @param resetsAt when it begins anew
	 * @param exhausted whether there is no more room
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Budget(String name, String scope, @Nullable Object scopeValue, String limit, String used,
			String reserved, String remaining, @Nullable Instant windowStart, @Nullable Instant resetsAt,
			boolean exhausted) {

	}

	/**
	 * Limits.
	 *
	 * @param configured what is configured
	 * @param active requests under way
	 * @param queued requests that wait
	 * @param models the models that were asked: what is configured and learned for them,
	 * what is left
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Limits(@Nullable ConfiguredLimits configured, int active, int queued, List<ModelRateLimits> models) {

	}

	/**
	 * What is configured; what is {@code null} is not limited.
	 *
	 * @param requestsPerMinute requests to each model in a minute
	 * @param tokensPerMinute tokens of each model in a minute
	 * @param maxConcurrent requests at once
	 * @param maxQueued requests that may wait
	 * @param maxWait how long one may wait
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record ConfiguredLimits(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute,
			@Nullable Integer maxConcurrent, int maxQueued, Duration maxWait) {

	}

	/**
	 * A circuit breaker.
	 *
	 * @param name its name
	 * @param client the client whose calls it counts
	 * @param model the model that they go to
	 * @param state {@code closed}, {@code open} or {@code half-open}
	 * @param failureRate the share of failures in percent, once there are enough calls
	 * @param until until when nothing is sent, if it is open
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record CircuitBreaker(String name, String client, String model, String state, @Nullable Double failureRate,
			@Nullable Instant until) {

	}

	/**
	 * The cache of answers.
	 *
	 * @param hits calls that were answered from it
	 * @param misses calls that were not
	 * @param shared calls that got the answer of an equal one under way
	 * @param savedUsd what hits and shared answers would have cost
	 */
	public record Cache(long hits, long misses, long shared, String savedUsd) {

	}

	/**
	 * A kind of failure of attempts, or a reason of this application to refuse calls.
	 *
	 * @param kind the kind or the reason
	 * @param count how many attempts ended with it, or calls were refused
	 * @param lastAt when that was last the case
	 * @param client whose attempt or call that was
	 * @param model the model that was asked
	 */
	public record Failure(String kind, long count, Instant lastAt, String client, String model) {

	}

}
