package io.github.grokspring.budget;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.DelegationListener;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.cost.CallCostCollector;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TenantResolver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Call from its reservation to its settlement, which happens once. Adds up the cost of
 * its attempts. A cancellation can come from another thread at any time, even before the
 * cost of the cancelled attempt.
 */
final class BudgetedCall implements CallCostCollector, DelegationListener {

	/**
	 * Metadata key of responses whose cost is counted by some client.
	 */
	private static final String COUNTED = "grok.budgeted";

	private final String requestedModel;

	private final Reservation reservation;

	private final @Nullable String tenant;

	private final Prompt prompt;

	/**
	 * Cost by called model, or {@code null} after the end of the call.
	 */
	private final AtomicReference<@Nullable Map<String, Long>> costByModel = new AtomicReference<>(Map.of());

	private volatile long responseCost;

	BudgetedCall(String wanted, @Nullable String tenant, Reservation reservation, Prompt prompt,
			GrokChatOptions options) {
		this.requestedModel = wanted;
		this.tenant = tenant;
		this.reservation = reservation;
		GrokChatOptions asked = isDowngraded() ? options.mutate().model(reservation.model()).build() : options;
		this.prompt = new Prompt(prompt.getInstructions(), CallCostCollector.attach(asked, this));
	}

	Prompt prompt() {
		return this.prompt;
	}

	@Override
	public @Nullable String tenant(Prompt prompt, TenantResolver tenants) {
		return this.tenant;
	}

	@Override
	public void attemptStarted(String model) {
		this.reservation.attemptStarted(model);
	}

	@Override
	public void beforeDelegation() {
		this.reservation.suspend();
	}

	@Override
	public long worstCase(String model) {
		return this.reservation.maximumCost(model);
	}

	@Override
	public void add(String model, Cost cost) {
		long ticks = cost.ticks();
		if (ticks > 0 && this.costByModel.getAndUpdate((sums) -> plus(sums, model, ticks)) == null) {
			this.reservation.add(model, ticks);
		}
	}

	/**
	 * Receives a response or an element of a stream.
	 * @return the response, with metadata if its cost is counted here or another model
	 * than the requested one was called
	 */
	ChatResponse onElement(ChatResponse answer) {
		this.reservation.touch();
		ChatResponse noted = answer;
		if (answer.getMetadata().get("grok.cost") instanceof Cost cost && !answer.getMetadata().containsKey(COUNTED)) {
			this.responseCost = cost.ticks();
			noted = ChatResponses.with(noted, COUNTED, true);
		}
		return (isDowngraded() && ChatResponses.isLast(answer))
				? ChatResponses.with(noted, ChatResponses.DOWNGRADED, this.requestedModel) : noted;
	}

	/**
	 * Settles the reservation after the end of the call. If a model of another provider
	 * has answered without reporting to the collector, the {@code grok.cost} of its
	 * response counts, if there is one.
	 * @return completes when the cost is recorded
	 */
	Mono<Void> end() {
		Map<String, Long> sums = this.costByModel.getAndSet(null);
		if (sums == null) {
			return Mono.empty();
		}
		return sums.isEmpty() ? this.reservation.settle(this.responseCost) : this.reservation.settle(sums);
	}

	private boolean isDowngraded() {
		return !this.reservation.model().equals(this.requestedModel);
	}

	private static @Nullable Map<String, Long> plus(@Nullable Map<String, Long> sums, String model, long ticks) {
		if (sums == null || sums.isEmpty()) {
			return (sums != null) ? Map.of(model, ticks) : null;
		}
		Map<String, Long> more = new HashMap<>(sums);
		more.merge(model, ticks, Ticks::plus);
		return more;
	}

}
