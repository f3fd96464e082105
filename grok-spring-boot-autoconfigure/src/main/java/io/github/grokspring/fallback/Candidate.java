package io.github.grokspring.fallback;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * One that is asked in place of a model that failed.
 */
interface Candidate {

	/**
	 * What it is called in events, answers and logs.
	 */
	String name();

	/**
	 * Answer a prompt that was meant for another model.
	 * @param asked the prompt, with complete options for the model that was asked
	 * @return the answer, which names this candidate
	 */
	ChatResponse call(Prompt asked);

	/**
	 * Answer a prompt that was meant for another model.
	 * @param asked the prompt, with complete options for the model that was asked
	 * @return the answer, which names this candidate
	 */
	Flux<ChatResponse> stream(Prompt asked);

}
