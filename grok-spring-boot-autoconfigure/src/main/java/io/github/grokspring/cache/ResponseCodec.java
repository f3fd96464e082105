package io.github.grokspring.cache;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Encodes responses as strings, which any cache can store. Thread-safe.
 */
final class ResponseCodec {

	private static final Log logger = LogFactory.getLog(ResponseCodec.class);

	private static final int VERSION = 1;

	/** Added by Spring AI itself. */
	private static final String MESSAGE_TYPE = "messageType";

	/** Metadata of the exchange rather than of the response. */
	private static final Set<String> EXCHANGE_METADATA = Set.of("grok.server-timing");

	private final JsonMapper json = JsonMapper.shared();

	private final MetadataCodec metadataCodec;

	ResponseCodec(List<MetadataType<?>> types) {
		this.metadataCodec = new MetadataCodec(types);
	}

	/**
	 * Encodes a response with one generation.
	 * @return the entry, or {@code null} if the response contains a value that could not
	 * be restored
	 */
	@Nullable String write(ChatResponse response, Instant expires) {
		Generation generation = Objects.requireNonNull(response.getResult());
		ChatResponseMetadata metadata = response.getMetadata();
		if (!generation.getMetadata().getContentFilters().isEmpty()) {
			return null;
		}
		Map<String, @Nullable Object> entry = new LinkedHashMap<>();
		entry.put("version", VERSION);
		entry.put("expires", expires.toEpochMilli());
		entry.put("id", metadata.getId());
		entry.put("model", metadata.getModel());
		entry.put("text", generation.getOutput().getText());
		entry.put("finish", generation.getMetadata().getFinishReason());
		try {
			Map<String, Object> message = new LinkedHashMap<>(generation.getOutput().getMetadata());
			message.remove(MESSAGE_TYPE);
			entry.put("message", this.metadataCodec.encodeMap(message));
			entry.put("generation", this.metadataCodec.encodeMap(entries(generation.getMetadata().entrySet())));
			Map<String, Object> entries = entries(metadata.entrySet());
			entries.keySet().removeAll(EXCHANGE_METADATA);
			entry.put("metadata", this.metadataCodec.encodeMap(entries));
			entry.put("usage", usage(metadata.getUsage()));
			return this.json.writeValueAsString(entry);
		}
		// Catches everything: a response must not be lost because it cannot be cached
		catch (Throwable ex) {
			logger.debug("Response is not cached: " + ex.getClass().getSimpleName());
			return null;
		}
	}

	/**
	 * Decodes an entry.
	 * @return the response, or {@code null} if the text is no entry or has another
	 * version
	 */
	@Nullable Entry read(String text) {
		try {
			Map<?, ?> entry = this.json.readValue(text, Map.class);
			return Objects.equals(entry.get("version"), VERSION) ? read(entry) : null;
		}
		// Catches everything: entries of a shared cache must not cause failures
		catch (Throwable ex) {
			logger.debug("Cached response cannot be read: " + ex.getClass().getSimpleName());
			return null;
		}
	}

	private Entry read(Map<?, ?> entry) {
		AssistantMessage message = AssistantMessage.builder()
			.content(text(entry, "text"))
			.properties(withoutNulls(map(entry, "message")))
			.build();
		ChatGenerationMetadata.Builder generation = ChatGenerationMetadata.builder()
			.finishReason((String) entry.get("finish"));
		withoutNulls(map(entry, "generation")).forEach(generation::metadata);
		ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder()
			.id(text(entry, "id"))
			.model(text(entry, "model"))
			.usage(usage((List<?>) entry.get("usage")));
		withoutNulls(map(entry, "metadata")).forEach(metadata::keyValue);
		Instant expires = Instant.ofEpochMilli(((Number) Objects.requireNonNull(entry.get("expires"))).longValue());
		return new Entry(new ChatResponse(List.of(new Generation(message, generation.build())), metadata.build()),
				expires);
	}

	private @Nullable List<@Nullable Object> usage(Usage usage) {
		return (usage instanceof EmptyUsage) ? null
				: Arrays.asList(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens(),
						this.metadataCodec.encode(usage.getNativeUsage()), usage.getCacheReadInputTokens(),
						usage.getCacheWriteInputTokens());
	}

	private Usage usage(@Nullable List<?> counts) {
		return (counts != null)
				? new DefaultUsage((Integer) counts.get(0), (Integer) counts.get(1), (Integer) counts.get(2),
						this.metadataCodec.decode(counts.get(3)), toLong(counts.get(4)), toLong(counts.get(5)))
				: new EmptyUsage();
	}

	private static @Nullable Long toLong(@Nullable Object number) {
		return (number != null) ? Long.valueOf(((Number) number).longValue()) : null;
	}

	private Map<String, @Nullable Object> map(Map<?, ?> entry, String name) {
		return this.metadataCodec.decodeMap((Map<?, ?>) Objects.requireNonNull(entry.get(name)));
	}

	private static String text(Map<?, ?> entry, String name) {
		return (String) Objects.requireNonNull(entry.get(name));
	}

	private static Map<String, Object> entries(Set<Map.Entry<String, Object>> entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		entries.forEach((entry) -> map.put(entry.getKey(), entry.getValue()));
		return map;
	}

	private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> map) {
		Map<String, Object> present = new HashMap<>();
		map.forEach((key, value) -> {
			if (value != null) {
				present.put(key, value);
			}
		});
		return present;
	}

	record Entry(ChatResponse response, Instant expires) {

	}

}
