package io.github.grokspring.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.chain.CallObserver.ObservedCall;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * {@link ChatModel} for Grok. Combines the transport to xAI, the stages that decorate it
 * and the default options of one client.
 * <p>
 * It is the head of the chain: it completes the options of each prompt once, so that all
 * stages receive complete {@link GrokChatOptions} regardless of the given options, and
 * adds the client's system prompt if a prompt has no system message.
 * <p>
 * {@code call} blocks and can be interrupted. {@code call} and {@code stream} fail with
 * the same {@link io.github.grokspring.error.GrokException}s. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GrokChatModel implements ChatModel {

	private static final String SUCCESS = "success";

	private final String name;

	private final GrokChatOptions options;

	private final @Nullable SystemMessage system;

	private final Map<String, ChatModel> stages;

	private final ChatModel head;

	private final RejectionPublisher rejections;

	private final CallObserver observer;

	private final boolean allowInsecure;

	private GrokChatModel(Builder builder) {
		this.name = builder.name;
		this.options = builder.options.withNewOrigin();
		this.system = (builder.system != null) ? new SystemMessage(builder.system) : null;
		this.observer = builder.observer;
		this.rejections = new RejectionPublisher(builder.name, GrokEventListener.failSafe(builder.listener));
		this.allowInsecure = builder.allowInsecure;
		List<Stage> stages = new ArrayList<>();
		ChatModel model = new GuardedTransport(builder.transport);
		stages.add(new Stage(builder.transportName, builder.transport));
		List<ChatModelDecorator> decorators = new ArrayList<>(builder.decorators);
		decorators.sort(Comparator.comparing(ChatModelDecorator::position));
		for (int i = decorators.size() - 1; i >= 0; i--) {
			ChatModel decorated = decorators.get(i).decorate(this.name, model);
			if (decorated != model) {
				stages.add(new Stage(decorators.get(i).name(), decorated));
				model = decorated;
			}
		}
		Collections.reverse(stages);
		this.stages = byName(stages);
		this.head = model;
	}

	private static Map<String, ChatModel> byName(List<Stage> stages) {
		Map<String, ChatModel> byName = new LinkedHashMap<>();
		for (Stage stage : stages) {
			String unique = stage.name();
			for (int i = 2; byName.containsKey(unique); i++) {
				unique = stage.name() + "-" + i;
			}
			byName.put(unique, stage.model());
		}
		return byName;
	}

	/**
	 * Creates a builder.
	 * @param transportName the name of the transport in reports
	 * @param transport the model that sends prompts with complete {@link GrokChatOptions}
	 * to xAI
	 * @return a builder
	 */
	public static Builder builder(String transportName, ChatModel transport) {
		return new Builder(transportName, transport);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		CallContext context = CallContext.enter();
		if (context == null) {
			return doCall(prompt);
		}
		ObservedCall observed = null;
		try {
			observed = this.observer.start(context, this.name, requestedModel(prompt));
			ChatResponse response = doCall(prompt);
			if (observed != null) {
				observed.onNext(response);
				observed.onEnd(SUCCESS, null);
			}
			return response;
		}
		catch (Throwable ex) {
			this.rejections.publish(ex, requestedModel(prompt));
			if (observed != null) {
				observed.onEnd(RejectionPublisher.outcome(ex), ex);
			}
			throw ex;
		}
		finally {
			CallContext.exit();
		}
	}

	private ChatResponse doCall(Prompt prompt) {
		try {
			return withRequestedModel(this.head.call(validate(complete(prompt))), prompt);
		}
		catch (Throwable ex) {
			if (isUnchecked(ex)) {
				throw ex;
			}
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			throw toUnchecked(ex);
		}
	}

	private static boolean isUnchecked(Throwable failure) {
		return failure instanceof RuntimeException || failure instanceof Error;
	}

	// Callers cannot catch a checked exception that is not declared
	private static GrokException toUnchecked(Throwable failure) {
		return new GrokException("The call failed with " + failure.getClass().getName(), failure);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			Flux<ChatResponse> stream = CallLifecycle.guard(() -> this.head.stream(validate(complete(prompt))))
				.map((element) -> ChatResponses.isLast(element) ? withRequestedModel(element, prompt) : element)
				.onErrorMap((ex) -> isUnchecked(ex) ? ex : toUnchecked(ex));
			CallContext outer = CallContext.find(view);
			if (outer != null) {
				return stream.contextWrite(outer::writeTo);
			}
			CallContext context = CallContext.create();
			ObservedCall observed = this.observer.start(context, this.name, requestedModel(prompt));
			return ((observed != null) ? observe(stream, observed) : stream)
				.doOnError((ex) -> this.rejections.publish(ex, requestedModel(prompt)))
				.contextWrite(context::writeTo);
		});
	}

	private static Flux<ChatResponse> observe(Flux<ChatResponse> stream, ObservedCall observed) {
		return stream.doOnNext(observed::onNext)
			.doOnComplete(() -> observed.onEnd(SUCCESS, null))
			.doOnError((ex) -> observed.onEnd(RejectionPublisher.outcome(ex), ex))
			.doOnCancel(() -> observed.onEnd("cancelled", null));
	}

	private String requestedModel(Prompt prompt) {
		ChatOptions given = prompt.getOptions();
		String model = (given != null) ? given.getModel() : null;
		return StringUtils.hasText(model) ? model : String.valueOf(this.options.getModel());
	}

	/**
	 * Returns the default options of this client. Options derived from them with
	 * {@link GrokChatOptions#mutate()} are complete.
	 */
	@Override
	public GrokChatOptions getOptions() {
		return this.options;
	}

	/**
	 * Whether options were derived from {@link #getOptions()} of this model, as those of
	 * a {@link org.springframework.ai.chat.client.ChatClient} are.
	 * @param options the options
	 * @return {@code true} if they derive from the defaults of this client
	 */
	public boolean isOriginOf(GrokChatOptions options) {
		return options.derivesFrom(this.options);
	}

	/**
	 * Returns the name of the client.
	 * @return the name, {@code default} for the unnamed client
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the names of the stages, outermost first and the transport last.
	 * @return the names
	 */
	public List<String> stages() {
		return List.copyOf(this.stages.keySet());
	}

	/**
	 * Returns the outermost stage of a type.
	 * @param type the type
	 * @param <T> the type
	 * @return the stage, or {@code null} if there is none
	 */
	public <T> @Nullable T as(Class<T> type) {
		if (type.isInstance(this)) {
			return type.cast(this);
		}
		return this.stages.values().stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

	@Override
	public String toString() {
		return "GrokChatModel[" + this.name + ": " + String.join(" -> ", this.stages.keySet()) + "]";
	}

	// Stages may have changed the requested model and do not know the original one
	private ChatResponse withRequestedModel(ChatResponse response, Prompt prompt) {
		String requested = requestedModel(prompt);
		return requested.equals(response.getMetadata().get(ChatResponses.REQUESTED_MODEL)) ? response
				: ChatResponses.with(response, ChatResponses.REQUESTED_MODEL, requested);
	}

	private Prompt validate(Prompt prompt) {
		if (prompt.getOptions() instanceof GrokChatOptions complete) {
			OptionRangeValidator.validate(complete);
			if (!this.allowInsecure) {
				InsecureUrlValidator.validate(complete);
			}
		}
		return prompt;
	}

	private Prompt complete(Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		GrokChatOptions complete = complete(options);
		List<Message> messages = withSystemPrompt(prompt.getInstructions());
		return (complete == options && messages == prompt.getInstructions()) ? prompt : new Prompt(messages, complete);
	}

	private GrokChatOptions complete(@Nullable ChatOptions options) {
		if (options instanceof GrokChatOptions derived && derived.derivesFrom(this.options)) {
			// Derived options may unset any default except the model
			return StringUtils.hasText(derived.getModel()) ? derived
					: derived.mutate().model(this.options.getModel()).build();
		}
		return (options != null) ? this.options.mutate().combineWith(options.mutate()).build() : this.options;
	}

	private List<Message> withSystemPrompt(List<Message> messages) {
		SystemMessage system = this.system;
		if (system == null || messages.stream().anyMatch(SystemMessage.class::isInstance)) {
			return messages;
		}
		List<Message> complete = new ArrayList<>(messages.size() + 1);
		complete.add(system);
		complete.addAll(messages);
		return complete;
	}

	private record Stage(String name, ChatModel model) {

	}

	private static final class GuardedTransport extends ForwardingChatModel {

		private GuardedTransport(ChatModel delegate) {
			super(delegate);
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return CallLifecycle.guard(() -> delegate().stream(prompt));
		}

	}

	/**
	 * Builder for {@link GrokChatModel}. Not thread-safe.
	 */
	public static final class Builder {

		private final String transportName;

		private final ChatModel transport;

		private final List<ChatModelDecorator> decorators = new ArrayList<>();

		private String name = "default";

		private GrokEventListener listener = GrokEventListener.none();

		private CallObserver observer = (call, client, model) -> null;

		private boolean allowInsecure;

		private GrokChatOptions options = GrokChatOptions.builder().build();

		private @Nullable String system;

		private Builder(String transportName, ChatModel transport) {
			Assert.hasText(transportName, "'transportName' must not be empty");
			this.transportName = transportName;
			this.transport = Objects.requireNonNull(transport, "'transport' must not be null");
		}

		/**
		 * Sets the name of the client.
		 * @param name the name
		 * @return this builder
		 */
		public Builder name(String name) {
			Assert.hasText(name, "'name' must not be empty");
			this.name = name;
			return this;
		}

		/**
		 * Sets the default options of the client.
		 * @param options the options, which those of a prompt override
		 * @return this builder
		 */
		public Builder options(GrokChatOptions options) {
			this.options = Objects.requireNonNull(options, "'options' must not be null");
			return this;
		}

		/**
		 * Sets the system prompt, which is added to prompts without a system message.
		 * @param system the text, or {@code null} for none
		 * @return this builder
		 */
		public Builder system(@Nullable String system) {
			this.system = StringUtils.hasText(system) ? system : null;
			return this;
		}

		/**
		 * Adds decorators. They are sorted by {@link Position}. For the same position,
		 * the first decorator is the outermost one.
		 * @param decorators the decorators
		 * @return this builder
		 */
		public Builder decorators(List<? extends ChatModelDecorator> decorators) {
			this.decorators.addAll(decorators);
			return this;
		}

		/**
		 * Sets the listener for calls that a stage rejects.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(GrokEventListener listener) {
			this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
			return this;
		}

		/**
		 * Sets whether xAI may send the authorization and headers of MCP servers
		 * unencrypted.
		 * @param allowInsecure {@code false}, the default, to fail such requests before
		 * they are sent
		 * @return this builder
		 */
		public Builder allowInsecure(boolean allowInsecure) {
			this.allowInsecure = allowInsecure;
			return this;
		}

		/**
		 * Sets the observer for whole calls.
		 * @param observer the observer
		 * @return this builder
		 */
		public Builder observer(CallObserver observer) {
			this.observer = Objects.requireNonNull(observer, "'observer' must not be null");
			return this;
		}

		/**
		 * Builds the model.
		 * @return the model
		 */
		public GrokChatModel build() {
			Assert.hasText(this.options.getModel(), "'options.model' must not be empty");
			return new GrokChatModel(this);
		}

	}

}
