package io.github.grokspring.fallback;

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Fallback configuration of a client.
 */
record FallbackPlan(String client, List<GrokCandidate> models, List<ExternalCandidate> others, FallbackRule rule,
		UnaryOperator<String> modelIds, GrokEventListener listener, WarnOnce warnings) {

	private static final Log logger = LogFactory.getLog(FallbackChatModel.class);

	String idOf(String name) {
		return this.modelIds.apply(name);
	}

	void publish(String from, String to, FallbackReason reason) {
		this.listener.onEvent(new FallbackTaken(this.client, from, to, reason.tag()));
		if (this.warnings.isFirst(from, to)) {
			logger.warn(message(from, to, reason) + ". Further fallbacks between these models are logged at DEBUG.");
		}
		else if (logger.isDebugEnabled()) {
			logger.debug(message(from, to, reason));
		}
	}

	private String message(String from, String to, FallbackReason reason) {
		return "Model '" + from + "' failed for client '" + this.client + "' (" + reason.tag() + "): falling back to '"
				+ to + "'";
	}

}
