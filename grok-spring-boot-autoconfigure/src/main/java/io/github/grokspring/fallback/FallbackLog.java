package io.github.grokspring.fallback;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns of each step once, because a person may want to know that a model fails, but not
 * once per request.
 */
final class FallbackLog {

	private static final Log logger = LogFactory.getLog(FallbackChatModel.class);

	// Names of models come from requests, and so may be anything.
	private static final int MOST_STEPS = 256;

	private final Set<Step> warned = ConcurrentHashMap.newKeySet();

	void taken(String client, String from, String to, String reason) {
		boolean first = this.warned.size() < MOST_STEPS && this.warned.add(new Step(from, to));
		if (first) {
			logger.warn(sentence(client, from, to, reason) + "; from now on this is logged at debug");
		}
		else if (logger.isDebugEnabled()) {
			logger.debug(sentence(client, from, to, reason));
		}
	}

	private static String sentence(String client, String from, String to, String reason) {
		return "'" + from + "' failed for client '" + client + "' (" + reason + "), so '" + to + "' is asked";
	}

	private record Step(String from, String to) {

	}

}
