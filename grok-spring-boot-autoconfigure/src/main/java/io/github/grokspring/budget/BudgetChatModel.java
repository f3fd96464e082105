package io.github.grokspring.budget;

import java.util.stream.Collectors;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.Reentrancy;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.cost.CallCostCollector;
import io.github.grokspring.cost.TenantResolver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Reserves the estimated cost of a call before it is sent, and settles the actual cost of
 * all its attempts when it has ended with a response, a failure or a cancellation. Never
 * waits for a budget. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BudgetChatModel extends ForwardingChatModel {

	private static final Log logger = LogFactory.getLog(BudgetChatModel.class);

	private static final Reentrancy<BudgetedCall> REENTRANCY = new Reentrancy<>();

	private final String client;

	private final Budgets budgets;

	private final CostEstimator costEstimator;

	private final TenantResolver tenants;

	private final WarnOnce warnings;

	private BudgetChatModel(String client, ChatModel delegate, Budgets budgets, CostEstimator worstCase,
			TenantResolver tenants, WarnOnce warnings) {
		super(delegate);
		this.client = client;
		this.budgets = budgets;
		this.costEstimator = worstCase;
		this.tenants = tenants;
		this.warnings = warnings;
	}

	/**
	 * Creates the decorator of this stage.
	 * @param budgets the budgets
	 * @param costEstimator estimates the maximum cost of calls
	 * @param tenants resolves the tenants of calls
	 * @return the decorator, which has no effect without budgets
	 */
	public static ChatModelDecorator decorator(Budgets budgets, CostEstimator costEstimator, TenantResolver tenants) {
		return new Decorator(budgets, costEstimator, tenants, new WarnOnce());
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		if (CallCostCollector.of(prompt) != null) {
			return super.call(prompt);
		}
		BudgetedCall call = begin(prompt, this.tenants.tenantOf(prompt), REENTRANCY.outer());
		try {
			return call.onElement(REENTRANCY.call(call, () -> delegate().call(call.prompt())));
		}
		finally {
			call.end();
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		if (CallCostCollector.of(prompt) != null) {
			return super.stream(prompt);
		}
		return Flux.deferContextual((context) -> {
			// The tenant may be bound to this thread.
			String tenant = this.tenants.tenantOf(prompt);
			BudgetedCall outer = REENTRANCY.outer(context);
			Flux<ChatResponse> stream = Flux.defer(() -> stream(begin(prompt, tenant, outer)));
			// Not where the application puts its own blocking calls, which may wait for
			// this stream.
			return (this.budgets.mayWait() && Schedulers.isInNonBlockingThread())
					? stream.subscribeOn(StreamScheduler.scheduler()) : stream;
		});
	}

	private Flux<ChatResponse> stream(BudgetedCall call) {
		return CallLifecycle.guard(() -> REENTRANCY.stream(call, delegate().stream(call.prompt())))
			.map(call::onElement)
			// Before the signal goes on, so that whoever has seen the end finds it
			// settled.
			.onErrorResume((failure) -> call.end().then(Mono.error(failure)))
			.concatWith(Mono.defer(() -> call.end().then(Mono.empty())))
			.doFinally((signal) -> {
				// After the cancellation has gone up, where it makes the last bill.
				if (signal == SignalType.CANCEL) {
					call.end();
				}
			});
	}

	// A prompt that comes with a collector is part of a call that has its reservation: a
	// fallback to another model of this library.
	private BudgetedCall begin(Prompt prompt, @Nullable String tenant, @Nullable BudgetedCall outer) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options) || options.getModel() == null) {
			throw new IllegalArgumentException(
					"'prompt.options' must be complete GrokChatOptions; call this model through a GrokChatModel");
		}
		if (tenant == null) {
			warnAboutMissingTenant();
		}
		if (outer != null) {
			// This call is made in the place of the outer one
			outer.beforeDelegation();
		}
		Reservation reservation = this.budgets.reserve(new BudgetRequest(this.client, options.getModel(), tenant,
				(model) -> this.costEstimator.estimate(prompt, model),
				(model) -> this.costEstimator.rate(prompt, model)));
		try {
			return new BudgetedCall(options.getModel(), tenant, reservation, prompt, options);
		}
		catch (Throwable ex) {
			reservation.settle(0);
			throw ex;
		}
	}

	private void warnAboutMissingTenant() {
		String names = this.budgets.budgets()
			.stream()
			.filter((budget) -> budget.scope() == BudgetScope.TENANT)
			.map(Budget::name)
			.collect(Collectors.joining("', '"));
		if (!names.isEmpty() && this.warnings.isFirst("tenant")) {
			logger.warn("A call of client '" + this.client + "' has no tenant, so that it counts against the limit of '"
					+ WindowedBudget.UNKNOWN + "' in budget '" + names + "', together with all other calls without one."
					+ " Pass '" + TenantResolver.CONTEXT_KEY
					+ "' in the tool context or as a parameter of the advisors, set GrokChatOptions.user, or define a"
					+ " TenantResolver bean. This is logged once.");
		}
	}

	private record Decorator(Budgets budgets, CostEstimator costEstimator, TenantResolver tenants,
			WarnOnce warnings) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.BUDGET;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return this.budgets.budgets().isEmpty() ? delegate : new BudgetChatModel(client, delegate, this.budgets,
					this.costEstimator, this.tenants, this.warnings);
		}

	}

}
