package io.github.grokspring.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.TenantResolver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;

/**
 * Copies the tenant from the parameters of the advisors to the tool context, unless it is
 * set there already. Innermost, so that it applies to every round of a tool loop.
 */
final class TenantAdvisor implements CallAdvisor, StreamAdvisor {

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain.nextCall(withTenant(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return chain.nextStream(withTenant(request));
	}

	private static ChatClientRequest withTenant(ChatClientRequest request) {
		Object tenant = request.context().get(TenantResolver.CONTEXT_KEY);
		if (tenant == null || !(request.prompt().getOptions() instanceof GrokChatOptions options)) {
			return request;
		}
		@Nullable Map<String, Object> given = options.getToolContext();
		Map<String, Object> context = (given != null) ? new HashMap<>(given) : new HashMap<>();
		if (context.containsKey(TenantResolver.CONTEXT_KEY)) {
			return request;
		}
		context.put(TenantResolver.CONTEXT_KEY, tenant);
		GrokChatOptions complete = options.mutate().toolContext(context).build();
		return request.mutate().prompt(request.prompt().mutate().chatOptions(complete).build()).build();
	}

	@Override
	public String getName() {
		return "grokTenant";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 1;
	}

}
