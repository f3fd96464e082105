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
 * An answer as one text, which every cache can hold. Safe for use by several threads.
 */
final class ResponseCodec {

	private static final Log logger = LogFactory.getLog(ResponseCodec.class);

	private static final int VERSION = 1;

	/** Spring AI notes it by itself. */
	private static final String MESSAGE_TYPE = "messageType";

	/** What belongs to the exchange that brought the answer, not to the answer. */
	private static final Set<String> OF_THE_EXCHANGE = Set.of("grok.server-timing");

	private final JsonMapper json = JsonMapper.shared();

	private final MetadataCodec values;

	ResponseCodec(List<MetadataType<?>> types) {
		this.values = new MetadataCodec(types);
	}

	/**
	 * Write an answer of one generation.
	 * @param answer the answer
	 * @param expires until when it may be read
	 * @return the text, or {@code null} if the answer has something that could not be had
	 * again
	 */
	@Nullable String write(ChatResponse answer, Instant expires) {
		Generation generation = Objects.requireNonNull(answer.getResult());
		ChatResponseMetadata metadata = answer.getMetadata();
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
			entry.put("message", this.values.plainMap(message));
			entry.put("generation", this.values.plainMap(entries(generation.getMetadata().entrySet())));
			Map<String, Object> entries = entries(metadata.entrySet());
			entries.keySet().removeAll(OF_THE_EXCHANGE);
			entry.put("metadata", this.values.plainMap(entries));
			entry.put("usage", usage(metadata.getUsage()));
			return this.json.writeValueAsString(entry);
		}
		// Whatever is in an answer, it must not be lost because it cannot be kept
		catch (Throwable ex) {
			logger.debug("An answer is not kept: " + ex.getClass().getSimpleName());
			return null;
		}
	}

	/**
	 * Read an answer.
	 * @param text the text
	 * @return the answer, or {@code null} if the text is none, or of another version
	 */
	@Nullable Entry read(String text) {
		try {
			Map<?, ?> entry = this.json.readValue(text, Map.class);
			return Objects.equals(entry.get("version"), VERSION) ? read(entry) : null;
		}
		// Whatever is in a shared cache, it is not worth a failure
		catch (Throwable ex) {
			logger.debug("An entry of the cache of responses cannot be read: " + ex.getClass().getSimpleName());
			return null;
		}
	}

	private Entry read(Map<?, ?> entry) {
		AssistantMessage message = AssistantMessage.builder()
			.content(text(entry, "text"))
			.properties(withoutNull(map(entry, "message")))
			.build();
		ChatGenerationMetadata.Builder generation = ChatGenerationMetadata.builder()
			.finishReason((String) entry.get("finish"));
		withoutNull(map(entry, "generation")).forEach(generation::metadata);
		ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder()
			.id(text(entry, "id"))
			.model(text(entry, "model"))
			.usage(usage((List<?>) entry.get("usage")));
		withoutNull(map(entry, "metadata")).forEach(metadata::keyValue);
		Instant expires = Instant.ofEpochMilli(((Number) Objects.requireNonNull(entry.get("expires"))).longValue());
		return new Entry(new ChatResponse(List.of(new Generation(message, generation.build())), metadata.build()),
				expires);
	}

	private @Nullable List<@Nullable Object> usage(Usage usage) {
		return (usage instanceof EmptyUsage) ? null
				: Arrays.asList(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens(),
						this.values.plain(usage.getNativeUsage()), usage.getCacheReadInputTokens(),
						usage.getCacheWriteInputTokens());
	}

	private Usage usage(@Nullable List<?> counts) {
		return (counts != null) ? new DefaultUsage((Integer) counts.get(0), (Integer) counts.get(1),
				(Integer) counts.get(2), this.values.value(counts.get(3)), wide(counts.get(4)), wide(counts.get(5)))
				: new EmptyUsage();
	}

	private static @Nullable Long wide(@Nullable Object number) {
		return (number != null) ? Long.valueOf(((Number) number).longValue()) : null;
	}

	private Map<String, @Nullable Object> map(Map<?, ?> entry, String name) {
		return this.values.valueMap((Map<?, ?>) Objects.requireNonNull(entry.get(name)));
	}

	private static String text(Map<?, ?> entry, String name) {
		return (String) Objects.requireNonNull(entry.get(name));
	}

	private static Map<String, Object> entries(Set<Map.Entry<String, Object>> entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		entries.forEach((entry) -> map.put(entry.getKey(), entry.getValue()));
		return map;
	}

	private static Map<String, Object> withoutNull(Map<String, @Nullable Object> map) {
		Map<String, Object> present = new HashMap<>();
		map.forEach((key, value) -> {
			if (value != null) {
				present.put(key, value);
			}
		});
		return present;
	}

	/**
	 * An answer that was kept.
	 *
	 * @param answer the answer
	 * @param expires until when it may be taken
	 */
	record Entry(ChatResponse answer, Instant expires) {

	}

}
