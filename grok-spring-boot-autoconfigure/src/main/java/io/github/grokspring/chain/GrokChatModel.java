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
 * A {@link ChatModel} for Grok: a transport to xAI, the stages that protect it, and the
 * defaults of one client. It is the head of its chain: it completes the options of a
 * prompt once, so that every stage below sees complete {@link GrokChatOptions} whatever
 * options the caller gave, none included, and adds the system prompt of the client to a
 * prompt without a system message.
 * <p>
 * {@code call} blocks and may be interrupted. Failures are
 * {@link io.github.grokspring.error.GrokException}s in {@code call} and {@code stream}
 * alike. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class GrokChatModel implements ChatModel {

	private final String name;

	private final GrokChatOptions options;

	private final @Nullable SystemMessage system;

	private final Map<String, ChatModel> stages;

	private final ChatModel head;

	private static final String SUCCESS = "success";

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
	 * Start a model over a transport.
	 * @param transportName what the transport is called in reports
	 * @param transport sends prompts with complete {@link GrokChatOptions} to xAI
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

	// No caller in Java can catch what no method declares
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
	 * The defaults of this client. Options derived from them with
	 * {@link GrokChatOptions#mutate()} are complete.
	 */
	@Override
	public GrokChatOptions getOptions() {
		return this.options;
	}

	/**
	 * Whether options were derived from the defaults of this client, as those of a
	 * {@link org.springframework.ai.chat.client.ChatClient} are.
	 * @param options the options
	 * @return {@code true} if they began as {@link #getOptions()} of this model
	 */
	public boolean isOriginOf(GrokChatOptions options) {
		return options.derivesFrom(this.options);
	}

	/**
	 * The name of the client.
	 * @return the name, {@code default} for the one without a name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The stages that a prompt passes, outermost first, the transport last.
	 * @return their names
	 */
	public List<String> stages() {
		return List.copyOf(this.stages.keySet());
	}

	/**
	 * Reach into the chain.
	 * @param type the type that is looked for
	 * @param <T> the type that is looked for
	 * @return the outermost stage of that type, or {@code null} if there is none
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

	// Stages below may have asked another one, and know only that
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
		ChatOptions given = prompt.getOptions();
		GrokChatOptions complete = complete(given);
		List<Message> messages = withSystemPrompt(prompt.getInstructions());
		return (complete == given && messages == prompt.getInstructions()) ? prompt : new Prompt(messages, complete);
	}

	private GrokChatOptions complete(@Nullable ChatOptions given) {
		if (given instanceof GrokChatOptions derived && derived.derivesFrom(this.options)) {
			// A default may be taken back on options derived from them, but not the model
			return StringUtils.hasText(derived.getModel()) ? derived
					: derived.mutate().model(this.options.getModel()).build();
		}
		return (given != null) ? this.options.mutate().combineWith(given.mutate()).build() : this.options;
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

	/**
	 * Lets whatever a stage throws while a stream runs end the stream.
	 */
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
	 * Builder for {@link GrokChatModel}. Not safe for use by several threads.
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
		 * Name the client.
		 * @param name the name
		 * @return this builder
		 */
		public Builder name(String name) {
			Assert.hasText(name, "'name' must not be empty");
			this.name = name;
			return this;
		}

		/**
		 * Set the defaults of the client.
		 * @param options what a prompt's own options are put over
		 * @return this builder
		 */
		public Builder options(GrokChatOptions options) {
			this.options = Objects.requireNonNull(options, "'options' must not be null");
			return this;
		}

		/**
		 * Set the system prompt of the client.
		 * @param system the text of the system message that a prompt without one gets,
		 * {@code null} for none
		 * @return this builder
		 */
		public Builder system(@Nullable String system) {
			this.system = StringUtils.hasText(system) ? system : null;
			return this;
		}

		/**
		 * Add decorators. They are sorted by {@link Position}; those of one position keep
		 * their order, the first being the outer one.
		 * @param decorators the decorators
		 * @return this builder
		 */
		public Builder decorators(List<? extends ChatModelDecorator> decorators) {
			this.decorators.addAll(decorators);
			return this;
		}

		/**
		 * Set who is told of calls that a stage refuses.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(GrokEventListener listener) {
			this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
			return this;
		}

		/**
		 * Set whether xAI may send authorizations and headers of MCP servers unencrypted.
		 * @param allowInsecure whether requests may have such servers; by default they
		 * fail before they are sent
		 * @return this builder
		 */
		public Builder allowInsecure(boolean allowInsecure) {
			this.allowInsecure = allowInsecure;
			return this;
		}

		/**
		 * Set the observer of whole calls.
		 * @param observer the observer
		 * @return this builder
		 */
		public Builder observer(CallObserver observer) {
			this.observer = Objects.requireNonNull(observer, "'observer' must not be null");
			return this;
		}

		/**
		 * Create the model.
		 * @return the model
		 */
		public GrokChatModel build() {
			Assert.hasText(this.options.getModel(), "'options.model' must not be empty");
			return new GrokChatModel(this);
		}

	}

}
