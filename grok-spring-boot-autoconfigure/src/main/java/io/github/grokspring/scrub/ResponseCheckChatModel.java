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
 * Tells when an answer is not what it looks like: when another model than the one asked
 * for gave it, as {@link ModelRedirected} and once for each pair of models in the log;
 * when it is empty, because it reached its limit of tokens or because all of it is
 * reasoning; and when tool calls were removed from it because it is not complete. The
 * last two are explained as {@code grok.explanation} in its metadata and once for each
 * model in the log. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class ResponseCheckChatModel extends ForwardingChatModel {

	private static final Log logger = LogFactory.getLog(ResponseCheckChatModel.class);

	private static final String NAME = "answer-check";

	private static final String EXPLANATION = "grok.explanation";

	private static final String CUT_OFF = "LENGTH";

	private final String client;

	private final Redirects redirects;

	private final EmptyResponseExplainer emptyAnswers;

	private final GrokEventListener events;

	private final WarnOnce warnings;

	private ResponseCheckChatModel(String client, ChatModel delegate, Redirects redirects,
			EmptyResponseExplainer emptyAnswers, GrokEventListener events, WarnOnce warnings) {
		super(delegate);
		this.client = client;
		this.redirects = redirects;
		this.emptyAnswers = emptyAnswers;
		this.events = events;
		this.warnings = warnings;
	}

	/**
	 * A decorator that checks answers.
	 * @param catalog tells which names belong to one model, and what models cost
	 * @param events is told of answers by other models
	 * @param time the time at which prices are compared
	 * @return the decorator, at {@link Position#SCRUBBING}
	 */
	public static ChatModelDecorator decorator(ModelCatalog catalog, GrokEventListener events, InstantSource time) {
		Redirects redirects = new Redirects(Objects.requireNonNull(catalog, "'catalog' must not be null"),
				Objects.requireNonNull(time, "'time' must not be null"));
		EmptyResponseExplainer emptyAnswers = new EmptyResponseExplainer(catalog);
		GrokEventListener listener = GrokEventListener
			.failSafe(Objects.requireNonNull(events, "'events' must not be null"));
		WarnOnce warnings = new WarnOnce();
		return ChatModelDecorator.of(Position.SCRUBBING, NAME, (client, delegate) -> new ResponseCheckChatModel(client,
				delegate, redirects, emptyAnswers, listener, warnings));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatResponse answer = delegate().call(prompt);
		return check(answer, prompt.getOptions(), hasText(answer));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> delegate().stream(prompt).map(new Elements(prompt.getOptions())::next));
	}

	private ChatResponse check(ChatResponse answer, @Nullable ChatOptions asked, boolean hasText) {
		if (asked == null || asked.getModel() == null) {
			return answer;
		}
		checkModel(answer, asked.getModel());
		boolean truncated = answer.getMetadata().containsKey(ChatResponses.TRUNCATED_TOOL_CALLS);
		String explanation = truncated ? this.emptyAnswers.explainTruncated(answer, asked)
				: hasText ? null : explainEmpty(answer, asked);
		String before = answer.getMetadata().get(EXPLANATION);
		if (explanation == null || (before != null && !truncated)) {
			return answer;
		}
		if (this.warnings.isFirst(asked.getModel(), truncated ? ChatResponses.TRUNCATED_TOOL_CALLS : EXPLANATION)) {
			logger.warn("An answer of model '" + LogSanitizer.sanitize(asked.getModel()) + "' is "
					+ (truncated ? "incomplete. " : "empty. ") + explanation);
		}
		return ChatResponses.with(answer, EXPLANATION, (before != null) ? before + ' ' + explanation : explanation);
	}

	private @Nullable String explainEmpty(ChatResponse answer, ChatOptions asked) {
		return isCutOff(answer) ? this.emptyAnswers.explain(answer, asked) : this.emptyAnswers.explainStop(answer);
	}

	private void checkModel(ChatResponse answer, String asked) {
		String served = answer.getMetadata().getModel();
		if (!StringUtils.hasText(served) || !this.redirects.isRedirect(asked, served)) {
			return;
		}
		this.events.onEvent(new ModelRedirected(this.client, asked, served));
		if (this.warnings.isFirst(asked, served)) {
			logger.warn(this.redirects.describe(asked, served));
		}
	}

	private static boolean isCutOff(ChatResponse answer) {
		for (Generation generation : answer.getResults()) {
			if (CUT_OFF.equalsIgnoreCase(generation.getMetadata().getFinishReason())) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasText(ChatResponse answer) {
		for (Generation generation : answer.getResults()) {
			if (StringUtils.hasText(generation.getOutput().getText()) || generation.getOutput().hasToolCalls()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The elements of one stream.
	 */
	private final class Elements {

		private final @Nullable ChatOptions asked;

		private boolean hasText;

		private Elements(@Nullable ChatOptions asked) {
			this.asked = asked;
		}

		private ChatResponse next(ChatResponse element) {
			this.hasText = this.hasText || hasText(element);
			return ChatResponses.isLast(element) ? check(element, this.asked, this.hasText) : element;
		}

	}

}
