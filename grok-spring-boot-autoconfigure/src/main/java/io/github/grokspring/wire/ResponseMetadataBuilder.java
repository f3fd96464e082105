package io.github.grokspring.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.connection.ResponseHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * Collects the metadata of a response.
 * <p>
 * Not thread-safe, except for {@link #toIdentity()}.
 *
 * @since 0.1.0
 */
public final class ResponseMetadataBuilder {

	private static final Usage NO_USAGE = new EmptyUsage();

	private final String api;

	private final @Nullable String requestedModel;

	private final ResponseHeaders headers;

	private final Map<String, Object> additionalFields = new LinkedHashMap<>(4);

	private @Nullable String id;

	private @Nullable String model;

	private long created;

	private Usage usage = NO_USAGE;

	private @Nullable ChatResponseMetadata partial;

	/**
	 * Creates a builder.
	 * @param api the name of the endpoint
	 * @param requestedModel the requested model
	 * @param headers the response headers
	 */
	public ResponseMetadataBuilder(String api, @Nullable String requestedModel, ResponseHeaders headers) {
		this.api = api;
		this.requestedModel = requestedModel;
		this.headers = headers;
	}

	/**
	 * Whether the id is set.
	 * @return {@code true} if it is set
	 */
	public boolean hasId() {
		return this.id != null;
	}

	/**
	 * Sets the id.
	 * @param id the id, ignored if blank
	 */
	public void id(String id) {
		this.id = id.isBlank() ? this.id : id;
	}

	/**
	 * Whether the model of the response is set.
	 * @return {@code true} if it is set
	 */
	public boolean hasModel() {
		return this.model != null;
	}

	/**
	 * Sets the model of the response.
	 * @param model the model, ignored if blank
	 */
	public void model(String model) {
		this.model = model.isBlank() ? this.model : model;
	}

	/**
	 * Returns the requested model and that of the response, without duplicates.
	 * @return the models
	 */
	public List<String> models() {
		if (this.requestedModel == null || this.requestedModel.equals(this.model)) {
			return (this.model != null) ? List.of(this.model) : List.of();
		}
		return (this.model != null) ? List.of(this.requestedModel, this.model) : List.of(this.requestedModel);
	}

	/**
	 * Whether the creation time is set.
	 * @return {@code true} if it is set
	 */
	public boolean hasCreated() {
		return this.created != 0;
	}

	/**
	 * Sets the creation time.
	 * @param created the time in seconds since the epoch
	 */
	public void created(long created) {
		this.created = created;
	}

	/**
	 * Sets the usage.
	 * @param usage the usage, ignored if it is zero and another one is set
	 */
	public void usage(Usage usage) {
		if (this.usage != NO_USAGE && TokenCounts.isZero(usage)) {
			return;
		}
		this.usage = usage;
		// Some servers report usage in each chunk; an interrupted stream is billed by the
		// last one
		this.partial = null;
	}

	/**
	 * Adds an unknown field of the response.
	 * @param name the field name
	 * @param value the value
	 */
	public void additionalField(String name, Object value) {
		this.additionalFields.put(name, value);
	}

	/**
	 * Whether an unknown field has been added.
	 * @param name the field name
	 * @return {@code true} if it has been added
	 */
	public boolean hasAdditionalField(String name) {
		return this.additionalFields.containsKey(name);
	}

	/**
	 * Builds the metadata of a stream element. Elements share an instance once id and
	 * model are set.
	 * @return the metadata
	 */
	public ChatResponseMetadata buildPartial() {
		ChatResponseMetadata metadata = this.partial;
		if (metadata == null) {
			metadata = identity(ChatResponseMetadata.builder()).usage(this.usage).build();
			this.partial = (hasId() && hasModel()) ? metadata : null;
		}
		return metadata;
	}

	/**
	 * Builds the metadata of a stream element with additional entries.
	 * @param entries the entries
	 * @return the metadata
	 */
	public ChatResponseMetadata buildPartial(Map<String, Object> entries) {
		return identity(ChatResponseMetadata.builder()).usage(this.usage).metadata(entries).build();
	}

	/**
	 * Builds the metadata of the whole response.
	 * @param entries the entries that are specific to the endpoint
	 * @return the metadata
	 */
	public ChatResponseMetadata build(Map<String, Object> entries) {
		ChatResponseMetadata.Builder metadata = identity(ChatResponseMetadata.builder()).usage(this.usage);
		// Individually, because passing a small map makes the builder's map grow twice
		this.additionalFields.forEach(metadata::keyValue);
		metadata.keyValue("grok.api", this.api)
			.keyValue(ChatResponses.REQUESTED_MODEL, this.requestedModel)
			.keyValue(ChatResponses.ATTEMPTS, 1)
			.keyValue("grok.request-id", this.headers.requestId())
			.keyValue("grok.service-tier", this.additionalFields.get("service_tier"))
			.keyValue("grok.server-timing", this.headers.serverTiming());
		if (hasCreated()) {
			metadata.keyValue("created", this.created);
		}
		entries.forEach(metadata::keyValue);
		ResponseHeaders.RateLimits limits = this.headers.rateLimit();
		if (limits != null) {
			metadata.rateLimit(limits.toRateLimit());
		}
		return metadata.build();
	}

	/**
	 * Returns a response with id, model and usage only. May be invoked on another thread
	 * while the response is being read.
	 * @return a response without content
	 */
	public ChatResponse toIdentity() {
		return new ChatResponse(List.of(), identity(ChatResponseMetadata.builder()).usage(this.usage).build());
	}

	private ChatResponseMetadata.Builder identity(ChatResponseMetadata.Builder metadata) {
		return metadata.id((this.id != null) ? this.id : "").model((this.model != null) ? this.model : "");
	}

}
