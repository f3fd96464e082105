package io.github.grokspring.cache;

import java.util.List;
import java.util.Map;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * What a cache has to know of money.
 *
 * @since 0.1.0
 */
public interface ResponseCosts {

	/**
	 * What an answer cost.
	 * @param answer the answer
	 * @return its cost in ticks, of which 10^10 are one US dollar; 0 if it is not known
	 */
	long ticks(ChatResponse answer);

	/**
	 * What metadata say of an answer that cost nothing, in place of what they say of one
	 * that cost something.
	 * @return the entries
	 */
	Map<String, Object> nothing();

	/**
	 * The types in which metadata tell what an answer cost.
	 * @return the types, as a cache can hold them
	 */
	List<MetadataType<?>> types();

	/**
	 * Nobody says what answers cost.
	 * @return costs that are never known
	 */
	static ResponseCosts unknown() {
		return new ResponseCosts() {

			@Override
			public long ticks(ChatResponse answer) {
				return 0;
			}

			@Override
			public Map<String, Object> nothing() {
				return Map.of();
			}

			@Override
			public List<MetadataType<?>> types() {
				return List.of();
			}

		};
	}

}
