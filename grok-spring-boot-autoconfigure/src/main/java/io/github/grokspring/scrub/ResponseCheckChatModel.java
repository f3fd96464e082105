package io.github.grokspring.scrub;

import java.time.InstantSource;
import java.util.Objects;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ModelRedirected;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.StringUtils;

/**
 * {@link ChatModel} that checks responses for unexpected results:
 * <ul>
 * <li>Another model than the requested one answered. This is published as
 * {@link ModelRedirected} and logged once per pair of models.</li>
 * <li>The response is empty, because it reached the token limit or consists of reasoning
 * only.</li>
 * <li>Tool calls were removed from the response, because it is incomplete.</li>
 * </ul>
 * The last two are explained in the response metadata {@code grok.explanation} and logged
 * once per model. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ResponseCheckChatModel extends ForwardingChatModel {

	private static final Log logger = LogFactory.getLog(ResponseCheckChatModel.class);

	private static final String NAME = "answer-check";

	private static final String EXPLANATION = "grok.explanation";

	private static final String LENGTH = "LENGTH";

	private final String client;

	private final ModelRedirectDetector redirects;

	private final EmptyResponseExplainer explainer;

	private final GrokEventListener events;

	private final WarnOnce warnings;

	private ResponseCheckChatModel(String client, ChatModel delegate, ModelRedirectDetector redirects,
			EmptyResponseExplainer explainer, GrokEventListener events, WarnOnce warnings) {
		super(delegate);
		this.client = client;
		this.redirects = redirects;
		this.explainer = explainer;
		this.events = events;
		this.warnings = warnings;
	}

	/**
	 * Creates the decorator of this stage.
	 * @param catalog the names and prices of models
	 * @param events the listener for redirected models
	 * @param clock the clock that determines the prices to compare
	 * @return the decorator, at {@link Position#SCRUBBING}
	 */
	public static ChatModelDecorator decorator(ModelCatalog catalog, GrokEventListener events, InstantSource clock) {
		ModelRedirectDetector redirects = new ModelRedirectDetector(
				Objects.requireNonNull(catalog, "'catalog' must not be null"),
				Objects.requireNonNull(clock, "'clock' must not be null"));
		EmptyResponseExplainer explainer = new EmptyResponseExplainer(catalog);
		GrokEventListener listener = GrokEventListener
			.failSafe(Objects.requireNonNull(events, "'events' must not be null"));
		WarnOnce warnings = new WarnOnce();
		return ChatModelDecorator.of(Position.SCRUBBING, NAME, (client, delegate) -> new ResponseCheckChatModel(client,
				delegate, redirects, explainer, listener, warnings));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatResponse response = delegate().call(prompt);
		return check(response, prompt.getOptions(), hasText(response));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> delegate().stream(prompt).map(new StreamElements(prompt.getOptions())::next));
	}

	private ChatResponse check(ChatResponse response, @Nullable ChatOptions options, boolean hasText) {
		if (options == null || options.getModel() == null) {
			return response;
		}
		checkModel(response, options.getModel());
		boolean truncated = response.getMetadata().containsKey(ChatResponses.TRUNCATED_TOOL_CALLS);
		String explanation = truncated ? this.explainer.explainTruncated(response, options)
				: hasText ? null : explainEmpty(response, options);
		String before = response.getMetadata().get(EXPLANATION);
		if (explanation == null || (before != null && !truncated)) {
			return response;
		}
		if (this.warnings.isFirst(options.getModel(), truncated ? ChatResponses.TRUNCATED_TOOL_CALLS : EXPLANATION)) {
			logger.warn("A response of model '" + LogSanitizer.sanitize(options.getModel()) + "' is "
					+ (truncated ? "incomplete. " : "empty. ") + explanation);
		}
		return ChatResponses.with(response, EXPLANATION, (before != null) ? before + ' ' + explanation : explanation);
	}

	private @Nullable String explainEmpty(ChatResponse response, ChatOptions options) {
		return isTruncated(response) ? this.explainer.explain(response, options) : this.explainer.explainStop(response);
	}

	private void checkModel(ChatResponse response, String requested) {
		String served = response.getMetadata().getModel();
		if (!StringUtils.hasText(served) || !this.redirects.isRedirect(requested, served)) {
			return;
		}
		this.events.onEvent(new ModelRedirected(this.client, requested, served));
		if (this.warnings.isFirst(requested, served)) {
			logger.warn(this.redirects.describe(requested, served));
		}
	}

	private static boolean isTruncated(ChatResponse response) {
		for (Generation generation : response.getResults()) {
			if (LENGTH.equalsIgnoreCase(generation.getMetadata().getFinishReason())) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasText(ChatResponse response) {
		for (Generation generation : response.getResults()) {
			if (StringUtils.hasText(generation.getOutput().getText()) || generation.getOutput().hasToolCalls()) {
				return true;
			}
		}
		return false;
	}

	private final class StreamElements {

		private final @Nullable ChatOptions options;

		private boolean hasText;

		private StreamElements(@Nullable ChatOptions options) {
			this.options = options;
		}

		private ChatResponse next(ChatResponse element) {
			this.hasText = this.hasText || hasText(element);
			return ChatResponses.isLast(element) ? check(element, this.options, this.hasText) : element;
		}

	}

}
