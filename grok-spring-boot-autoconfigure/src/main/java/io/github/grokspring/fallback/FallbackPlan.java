package io.github.grokspring.fallback;

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEventListener;

/**
 * Who is asked when a model of a client fails, after which failures, and who is told.
 *
 * @param client the client
 * @param models other models of xAI, in order
 * @param others models of other providers, in order, which come after
 * @param rule after which failures
 * @param names gives the id of the model that answers for a name
 * @param events who is told
 * @param log what people can read about it
 */
record FallbackPlan(String client, List<GrokCandidate> models, List<ExternalCandidate> others, FallbackRule rule,
		UnaryOperator<String> names, GrokEventListener events, FallbackLog log) {

	/**
	 * The model that answers for a name.
	 */
	String idOf(String name) {
		return this.names.apply(name);
	}

	void taken(String from, String to, String reason) {
		this.events.onEvent(new FallbackTaken(this.client, from, to, reason));
		this.log.taken(this.client, from, to, reason);
	}

}
