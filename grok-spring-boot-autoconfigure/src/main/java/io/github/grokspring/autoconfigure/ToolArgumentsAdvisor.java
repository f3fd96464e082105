package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.InvalidOutputException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.metadata.ToolMetadata;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * Validates the arguments of tool calls before the tools run. Returns violations to the
 * model in place of the result, a limited number of times. Runs outside of the tool loop,
 * which reads the tools from the prompt.
 */
final class ToolArgumentsAdvisor implements CallAdvisor, StreamAdvisor {

	/** Order of Spring AI's tool loop. */
	private static final int TOOL_LOOP = Ordered.HIGHEST_PRECEDENCE + 300;

	private final OutputValidation validation;

	ToolArgumentsAdvisor(OutputValidation validation) {
		this.validation = validation;
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain.nextCall(withValidation(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return Flux.defer(() -> chain.nextStream(withValidation(request)));
	}

	private ChatClientRequest withValidation(ChatClientRequest request) {
		if (!(request.prompt().getOptions() instanceof GrokChatOptions options)) {
			return request;
		}
		List<ToolCallback> tools = options.getToolCallbacks();
		int maxAttempts = this.validation.maxAttempts(options);
		if (maxAttempts == 0 || tools == null || tools.isEmpty()) {
			return request;
		}
		List<ToolCallback> validating = tools.stream()
			.<ToolCallback>map((tool) -> new ValidatingToolCallback(tool, maxAttempts))
			.toList();
		GrokChatOptions changed = options.mutate().toolCallbacks(validating).build();
		return request.mutate().prompt(request.prompt().mutate().chatOptions(changed).build()).build();
	}

	@Override
	public String getName() {
		return "grokToolArguments";
	}

	@Override
	public int getOrder() {
		return TOOL_LOOP - 1;
	}

	/**
	 * Tool during one call of a client.
	 */
	private final class ValidatingToolCallback implements ToolCallback {

		private final ToolCallback tool;

		private final int maxAttempts;

		private final AtomicInteger invalid = new AtomicInteger();

		private ValidatingToolCallback(ToolCallback tool, int maxAttempts) {
			this.tool = tool;
			this.maxAttempts = maxAttempts;
		}

		@Override
		public ToolDefinition getToolDefinition() {
			return this.tool.getToolDefinition();
		}

		@Override
		public ToolMetadata getToolMetadata() {
			return this.tool.getToolMetadata();
		}

		@Override
		public String call(String input) {
			String problems = problems(input);
			return (problems != null) ? problems : this.tool.call(input);
		}

		@Override
		public String call(String input, @Nullable ToolContext context) {
			String problems = problems(input);
			return (problems != null) ? problems : this.tool.call(input, context);
		}

		private @Nullable String problems(String input) {
			ToolDefinition definition = getToolDefinition();
			JsonSchemaValidator.Problems problems = ToolArgumentsAdvisor.this.validation.validator()
				.validate(definition.inputSchema(), StringUtils.hasText(input) ? input : "{}");
			if (problems.isEmpty()) {
				this.invalid.set(0);
				return null;
			}
			int attempts = this.invalid.incrementAndGet();
			// The result of such a tool goes to the user and not to the model
			if (attempts >= this.maxAttempts || getToolMetadata().returnDirect()) {
				throw new InvalidOutputException(attempts, "The arguments for tool '" + definition.name()
						+ "' do not match its input schema after " + attempts + " attempts (" + problems.keywords()
						+ "). Describe the parameters of the tool, or increase 'grok.chat.structured-output.max-attempts'.");
			}
			return "The tool was not run, because the arguments do not match its JSON schema: " + problems.forModel();
		}

	}

}
