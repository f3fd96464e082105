package io.github.grokspring.fallback;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Model that is called when another one has failed. Responses have its name as
 * {@code grok.fallback}; prompts have complete options for the original model.
 */
interface Candidate {

	String name();

	ChatResponse call(Prompt prompt);

	Flux<ChatResponse> stream(Prompt prompt);

}
