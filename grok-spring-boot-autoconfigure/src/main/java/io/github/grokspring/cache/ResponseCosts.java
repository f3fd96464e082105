package io.github.grokspring.cache;

import java.util.List;
import java.util.Map;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Gives a cache access to the costs of responses.
 *
 * @since 0.1.0
 */
public interface ResponseCosts {

	/**
	 * Returns the cost of a response.
	 * @param response the response
	 * @return the cost in ticks, 10^10 of which are one US dollar; 0 if unknown
	 */
	long ticks(ChatResponse response);

	/**
	 * Returns the metadata that replaces the cost metadata of a response that is free of
	 * charge.
	 * @return the metadata
	 */
	Map<String, Object> zeroCostMetadata();

	/**
	 * Returns the types of the cost metadata.
	 * @return the types
	 */
	List<MetadataType<?>> metadataTypes();

	/**
	 * Returns an instance for responses without known costs.
	 * @return an instance that reports no costs
	 */
	static ResponseCosts unknown() {
		return new ResponseCosts() {

			@Override
			public long ticks(ChatResponse response) {
				return 0;
			}

			@Override
			public Map<String, Object> zeroCostMetadata() {
				return Map.of();
			}

			@Override
			public List<MetadataType<?>> metadataTypes() {
				return List.of();
			}

		};
	}

}
