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
 * Finds out on whose account a call goes, once, on the thread that calls or that
 * subscribes to a stream, and tells it to all its attempts. Stands where budgets would
 * stand, which do the same, when there are none. Safe for use by several threads.
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
	 * The decorator of this stage.
	 * @param tenants says on whose account a prompt goes
	 * @return a decorator
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

	// A prompt that comes with a collector is part of a call whose tenant is known.
	private Prompt withTenant(Prompt prompt) {
		if (CallCostCollector.of(prompt) != null || !(prompt.getOptions() instanceof GrokChatOptions options)) {
			return prompt;
		}
		return new Prompt(prompt.getInstructions(),
				CallCostCollector.attach(options, new KnownTenant(this.tenants.tenantOf(prompt))));
	}

	/**
	 * Knows the tenant, and leaves what attempts cost to others.
	 *
	 * @param name the name of the tenant
	 */
	private record KnownTenant(@Nullable String name) implements CallCostCollector {

		@Override
		public void add(String model, Cost cost) {
			// Nothing is limited.
		}

		@Override
		public @Nullable String tenant(Prompt prompt, TenantResolver tenants) {
			return this.name;
		}

	}

}
