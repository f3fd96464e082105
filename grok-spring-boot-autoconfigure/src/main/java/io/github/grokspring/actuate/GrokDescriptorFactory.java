package io.github.grokspring.actuate;

import java.net.URI;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.CacheStatistics;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.ratelimit.RateLimitSettings;
import io.github.grokspring.ratelimit.RateLimitStatus;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.tool.Mcp;
import io.github.grokspring.tool.ServerTool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/**
 * Creates the descriptors of the {@link GrokEndpoint}.
 *
 * @param context the sources of the endpoint
 * @param clock the clock that determines current prices
 * @param sanitizer the sanitizer of values
 */
record GrokDescriptorFactory(GrokEndpointContext context, InstantSource clock, Sanitizer sanitizer) {

	private static final Log logger = LogFactory.getLog(GrokEndpoint.class);

	/** Maximum number of entries of lists that grow with use. */
	static final int MAX_ENTRIES = 200;

	GrokDescriptor create(boolean showValues) {
		ResponseCache cache = this.context.cache();
		Scrubber scrubber = this.context.scrubber();
		return new GrokDescriptor(
				this.context.clients().clients().stream().map((client) -> client(client, showValues)).toList(),
				catalog(), this.context.spend().snapshot(), budgets(showValues), limits(), circuitBreakers(),
				(cache != null) ? cache(cache.statistics()) : null, this.context.errors().snapshot(),
				(scrubber != null) ? bounded(scrubber.learned()) : Map.of());
	}

	private static GrokDescriptor.Cache cache(CacheStatistics statistics) {
		return new GrokDescriptor.Cache(statistics.hits(), statistics.misses(), statistics.shared(),
				UsdFormat.format(statistics.savedTicks()));
	}

	private GrokDescriptor.Client client(GrokClients.Client client, boolean showValues) {
		GrokChatOptions options = client.model().getOptions();
		GrokApi api = options.getApi();
		List<ServerTool> tools = options.getServerTools();
		String prefix = "grok." + client.model().name() + ".";
		return new GrokDescriptor.Client(client.model().name(), options.getModel(),
				lowerCase((api != null) ? api : GrokApi.AUTO), client.transport(), client.host(),
				sanitize(prefix + "system", client.systemPrompt(), showValues),
				tools.stream().map(ServerTool::type).distinct().toList(),
				tools.stream()
					.filter(Mcp.class::isInstance)
					.map((tool) -> mcp(prefix, (Mcp) tool, showValues))
					.toList(),
				client.model().stages());
	}

	private GrokDescriptor.McpServer mcp(String prefix, Mcp mcp, boolean showValues) {
		String key = prefix + "mcp." + mcp.label() + ".";
		Set<String> headers = new TreeSet<>(mcp.headers().keySet());
		return new GrokDescriptor.McpServer(mcp.label(), sanitize(key + "url", host(mcp.url()), showValues),
				headers.isEmpty() ? null : sanitize(key + "headers", headers, showValues), mcp.allowedTools());
	}

	private static @Nullable String host(String url) {
		try {
			return URI.create(url).getHost();
		}
		catch (IllegalArgumentException ex) {
			// xAI accepts URLs that java.net.URI does not
			return null;
		}
	}

	private @Nullable Object sanitize(String key, @Nullable Object value, boolean showValues) {
		return (value != null) ? this.sanitizer.sanitize(new SanitizableData(null, key, value), showValues) : null;
	}

	private GrokDescriptor.Catalog catalog() {
		ModelCatalog catalog = this.context.catalog();
		Map<String, GrokModel> models = new LinkedHashMap<>();
		this.context.clients()
			.clients()
			.stream()
			.map((client) -> client.model().getOptions().getModel())
			.filter(Objects::nonNull)
			.map(catalog::get)
			.forEach((model) -> models.put(model.id(), model));
		catalog.models()
			.stream()
			.filter((model) -> (model.status() == GrokModel.Status.CURRENT
					|| model.status() == GrokModel.Status.UNLISTED) && isChatModel(model))
			.limit(MAX_ENTRIES)
			.forEach((model) -> models.put(model.id(), model));
		LocalDate checked = catalog.models()
			.stream()
			.map(GrokModel::checked)
			.filter(Objects::nonNull)
			.max(LocalDate::compareTo)
			.orElse(null);
		return new GrokDescriptor.Catalog(checked, catalog.revision(),
				models.values().stream().map(this::model).toList());
	}

	private static boolean isChatModel(GrokModel model) {
		return model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS)
				|| model.endpoints().contains(GrokModel.Endpoint.RESPONSES);
	}

	private GrokDescriptor.Model model(GrokModel model) {
		GrokModel.Retirement retirement = model.retirement();
		return new GrokDescriptor.Model(model.id(), model.known(), lowerCase(model.status()),
				(model.contextWindow() > 0) ? model.contextWindow() : null, price(model.pricesAt(this.clock.instant())),
				(retirement != null)
						? new GrokDescriptor.Retirement(retirement.on(), retirement.replacement(), retirement.effort())
						: null);
	}

	private static GrokDescriptor.@Nullable Price price(@Nullable Prices prices) {
		Prices.TokenPrices tokens = (prices != null) ? prices.tokens() : null;
		if (prices == null || tokens == null) {
			return null;
		}
		Prices.TokenPrices longContext = prices.longContext();
		return new GrokDescriptor.Price(UsdFormat.formatPerMillion(tokens.input()),
				UsdFormat.formatPerMillion(tokens.cachedInput()), UsdFormat.formatPerMillion(tokens.imageInput()),
				UsdFormat.formatPerMillion(tokens.output()),
				(longContext != null && prices.longContextThreshold() > 0) ? new GrokDescriptor.LongContext(
						prices.longContextThreshold(), UsdFormat.formatPerMillion(longContext.input()),
						UsdFormat.formatPerMillion(longContext.cachedInput()),
						UsdFormat.formatPerMillion(longContext.output())) : null);
	}

	GrokDescriptor.ModelDetail createDetail(GrokModel model) {
		return new GrokDescriptor.ModelDetail(model(model), sorted(model.aliases()), model.released(), model.checked(),
				model.knowledgeCutoff(), sorted(model.inputModalities()), sorted(model.outputModalities()),
				sorted(model.endpoints().stream().map(GrokDescriptorFactory::lowerCase).toList()),
				lowerCase(model.reasoning()), model.reasoningEfforts(), model.defaultReasoningEffort(),
				sorted(model.refusedParameters()), sorted(model.ignoredParameters()));
	}

	// A remote budget store may be unavailable
	private @Nullable List<GrokDescriptor.Budget> budgets(boolean showValues) {
		Budgets budgets = this.context.budgets();
		if (budgets == null) {
			return List.of();
		}
		try {
			return budgets.status().stream().limit(MAX_ENTRIES).map((status) -> budget(status, showValues)).toList();
		}
		catch (Exception ex) {
			logger.warn("Failed to read the status of budgets: " + ex);
			return null;
		}
	}

	private GrokDescriptor.Budget budget(BudgetStatus status, boolean showValues) {
		Object value = (status.scope() == BudgetScope.TENANT)
				? sanitize("grok.budgets." + status.budget() + ".tenant", status.scopeValue(), showValues)
				: status.scopeValue();
		return new GrokDescriptor.Budget(status.budget(), lowerCase(status.scope()), value,
				UsdFormat.format(status.limitTicks()), UsdFormat.format(status.usedTicks()),
				UsdFormat.format(status.reservedTicks()), UsdFormat.format(status.remainingTicks()),
				status.windowStart(), status.resetsAt(), status.exhausted());
	}

	private GrokDescriptor.@Nullable Limits limits() {
		RateLimits limits = this.context.limits();
		if (limits == null) {
			return null;
		}
		RateLimitStatus status = limits.status();
		RateLimitSettings settings = this.context.configuredLimits();
		return new GrokDescriptor.Limits((settings != null) ? configured(settings) : null, status.active(),
				status.queued(), status.models().stream().limit(MAX_ENTRIES).toList());
	}

	private static GrokDescriptor.ConfiguredLimits configured(RateLimitSettings settings) {
		return new GrokDescriptor.ConfiguredLimits(settings.requestsPerMinute(), settings.tokensPerMinute(),
				(settings.maxConcurrent() > 0) ? settings.maxConcurrent() : null, settings.maxQueued(),
				settings.maxWait());
	}

	private List<GrokDescriptor.CircuitBreaker> circuitBreakers() {
		CircuitBreakers breakers = this.context.circuitBreakers();
		return (breakers != null)
				? breakers.statuses().stream().limit(MAX_ENTRIES).map(GrokDescriptorFactory::circuitBreaker).toList()
				: List.of();
	}

	private static GrokDescriptor.CircuitBreaker circuitBreaker(CircuitBreakerStatus status) {
		return new GrokDescriptor.CircuitBreaker(status.name(), status.client(), status.model(),
				lowerCase(status.state()), rounded(status.failureRate()), status.until());
	}

	private static @Nullable Double rounded(@Nullable Double percent) {
		return (percent != null) ? Math.round(percent * 10) / 10.0 : null;
	}

	private static Map<String, Set<String>> bounded(Map<String, Set<String>> learned) {
		Map<String, Set<String>> bounded = new LinkedHashMap<>();
		learned.entrySet()
			.stream()
			.limit(MAX_ENTRIES)
			.forEach((entry) -> bounded.put(entry.getKey(), entry.getValue()));
		return bounded;
	}

	private static List<String> sorted(Collection<String> names) {
		return names.stream().sorted().toList();
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
