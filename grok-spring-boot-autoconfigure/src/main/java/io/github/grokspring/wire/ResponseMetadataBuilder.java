package io.github.grokspring.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.connection.ApiHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * What is known of one answer beside its content. Not safe for use by several threads,
 * except where it says so.
 *
 * @since 0.1.0
 */
public final class ResponseMetadataBuilder {

	private static final Usage NO_USAGE = new EmptyUsage();

	private final String api;

	private final @Nullable String requestedModel;

	private final ApiHeaders headers;

	private final Map<String, Object> additionalFields = new LinkedHashMap<>(4);

	private @Nullable String id;

	private @Nullable String model;

	private long created;

	private Usage usage = NO_USAGE;

	private @Nullable ChatResponseMetadata partial;

	/**
	 * Begin with what is known before the answer is read.
	 * @param api the endpoint that answers
	 * @param requestedModel the model that was asked
	 * @param headers the headers of the answer
	 */
	public ResponseMetadataBuilder(String api, @Nullable String requestedModel, ApiHeaders headers) {
		this.api = api;
		this.requestedModel = requestedModel;
		this.headers = headers;
	}

	/**
	 * Whether the id is known.
	 * @return whether it is
	 */
	public boolean hasId() {
		return this.id != null;
	}

	/**
	 * Set the id.
	 * @param id the id; a blank one says nothing
	 */
	public void id(String id) {
		this.id = id.isBlank() ? this.id : id;
	}

	/**
	 * Whether the model that answers is known.
	 * @return whether it is
	 */
	public boolean hasModel() {
		return this.model != null;
	}

	/**
	 * Set the model that answers.
	 * @param model its id; a blank one says nothing
	 */
	public void model(String model) {
		this.model = model.isBlank() ? this.model : model;
	}

	/**
	 * The models that the answer has to do with.
	 * @return the one that was asked and the one that answered, without repetition
	 */
	public List<String> models() {
		if (this.requestedModel == null || this.requestedModel.equals(this.model)) {
			return (this.model != null) ? List.of(this.model) : List.of();
		}
		return (this.model != null) ? List.of(this.requestedModel, this.model) : List.of(this.requestedModel);
	}

	/**
	 * Whether the time of creation is known.
	 * @return whether it is
	 */
	public boolean hasCreated() {
		return this.created != 0;
	}

	/**
	 * Set the time of creation.
	 * @param created seconds since 1970
	 */
	public void created(long created) {
		this.created = created;
	}

	/**
	 * Set the usage.
	 * @param usage the usage; one that counts nothing does not replace another
	 */
	public void usage(Usage usage) {
		if (this.usage != NO_USAGE && TokenCounts.isZero(usage)) {
			return;
		}
		this.usage = usage;
		// Some servers count along; a stream that breaks off is billed by the last count.
		this.partial = null;
	}

	/**
	 * Keep a field that is not known here.
	 * @param name name of the field
	 * @param value its value
	 */
	public void additionalField(String name, Object value) {
		this.additionalFields.put(name, value);
	}

	/**
	 * Whether a field that is not known here was kept.
	 * @param name name of the field
	 * @return whether it was
	 */
	public boolean hasAdditionalField(String name) {
		return this.additionalFields.containsKey(name);
	}

	/**
	 * The metadata of a part of the answer. Parts share it, as soon as it says all that a
	 * part can say.
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
	 * The metadata of a part of the answer that has something to say.
	 * @param entries what it says
	 * @return the metadata
	 */
	public ChatResponseMetadata buildPartial(Map<String, Object> entries) {
		return identity(ChatResponseMetadata.builder()).usage(this.usage).metadata(entries).build();
	}

	/**
	 * The metadata of the whole answer.
	 * @param entries what belongs to the endpoint
	 * @return the metadata
	 */
	public ChatResponseMetadata build(Map<String, Object> entries) {
		ChatResponseMetadata.Builder metadata = identity(ChatResponseMetadata.builder()).usage(this.usage);
		// One by one, because a map that began with these few grows twice
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
		ApiHeaders.RateLimits limits = this.headers.rateLimit();
		if (limits != null) {
			metadata.rateLimit(limits.toRateLimit());
		}
		return metadata.build();
	}

	/**
	 * Which answer it is. Unlike all else, this may be asked on another thread while the
	 * answer is still growing.
	 * @return a response without content
	 */
	public ChatResponse toIdentity() {
		return new ChatResponse(List.of(), identity(ChatResponseMetadata.builder()).usage(this.usage).build());
	}

	private ChatResponseMetadata.Builder identity(ChatResponseMetadata.Builder metadata) {
		return metadata.id((this.id != null) ? this.id : "").model((this.model != null) ? this.model : "");
	}

}
