package io.github.grokspring.fallback;

import io.github.grokspring.chain.WarnOnce;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns of each step once, because a person may want to know that a model fails, but not
 * once per request.
 */
final class FallbackLog {

	private static final Log logger = LogFactory.getLog(FallbackChatModel.class);

	private final WarnOnce warnings = new WarnOnce();

	void taken(String client, String from, String to, String reason) {
		if (this.warnings.isFirst(from, to)) {
			logger.warn(sentence(client, from, to, reason) + "; from now on this is logged at debug");
		}
		else if (logger.isDebugEnabled()) {
			logger.debug(sentence(client, from, to, reason));
		}
	}

	private static String sentence(String client, String from, String to, String reason) {
		return "'" + from + "' failed for client '" + client + "' (" + reason + "), so '" + to + "' is asked";
	}

}
