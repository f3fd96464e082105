package io.github.grokspring.cost;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@code ChatModel} that resolves the tenant of a call once, on the calling or
 * subscribing thread, and passes it to all attempts. Used instead of the budget stage,
 * which does the same, if there are no budgets. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TenantChatModel extends ForwardingChatModel {

	private final TenantResolver tenants;

	private TenantChatModel(ChatModel delegate, TenantResolver tenants) {
		super(delegate);
		this.tenants = tenants;
	}

	/**
	 * Creates a decorator for this stage.
	 * @param tenants resolves the tenant of a prompt
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(TenantResolver tenants) {
		return ChatModelDecorator.of(Position.BUDGET, (client, delegate) -> new TenantChatModel(delegate, tenants));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return super.call(withTenant(prompt));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> super.stream(withTenant(prompt)));
	}

	// A prompt with a collector belongs to a call whose tenant is already resolved
	private Prompt withTenant(Prompt prompt) {
		if (CallCostCollector.of(prompt) != null || !(prompt.getOptions() instanceof GrokChatOptions options)) {
			return prompt;
		}
		return new Prompt(prompt.getInstructions(),
				CallCostCollector.attach(options, new KnownTenant(this.tenants.tenantOf(prompt))));
	}

	/**
	 * Collector that provides the tenant and ignores costs.
	 *
	 * @param name the name of the tenant
	 */
	private record KnownTenant(@Nullable String name) implements CallCostCollector {

		@Override
		public void add(String model, Cost cost) {
			// There are no budgets
		}

		@Override
		public @Nullable String tenant(Prompt prompt, TenantResolver tenants) {
			return this.name;
		}

	}

}
