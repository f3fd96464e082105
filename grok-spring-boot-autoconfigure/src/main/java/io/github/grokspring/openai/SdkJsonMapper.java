package io.github.grokspring.openai;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.completions.CompletionUsage;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TokenCounts;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's {@link JsonMapper} with two adjustments to what Spring AI does with
 * responses: it fails a response whose usage lacks a count or exceeds an {@code int}, and
 * passes on the service tier only if it is an additional property.
 */
final class SdkJsonMapper {

	static final JsonMapper INSTANCE = create();

	private SdkJsonMapper() {
	}

	private static JsonMapper create() {
		JsonMapper.Builder builder = ObjectMappers.jsonMapper().rebuild();
		return builder
			.annotationIntrospector(AnnotationIntrospector.pair(new ServiceTierIntrospector(),
					builder.build().getDeserializationConfig().getAnnotationIntrospector()))
			.addModule(new SimpleModule("grok-usage").addDeserializer(CompletionUsage.class, new UsageDeserializer()))
			.build();
	}

	private static final class ServiceTierIntrospector extends NopAnnotationIntrospector {

		private static final Set<Class<?>> TYPES = Set.of(ChatCompletion.class, ChatCompletionChunk.class);

		@Override
		public @Nullable PropertyName findNameForDeserialization(Annotated annotated) {
			JsonProperty property = annotated.getAnnotation(JsonProperty.class);
			return (property != null && property.value().equals("service_tier")
					&& annotated instanceof AnnotatedMember member && TYPES.contains(member.getDeclaringClass()))
							? PropertyName.construct("typed_service_tier") : null;
		}

	}

	@SuppressWarnings("serial")
	private static final class UsageDeserializer extends StdDeserializer<CompletionUsage> {

		private static final List<String> REQUIRED = List.of("prompt_tokens", "completion_tokens", "total_tokens");

		private UsageDeserializer() {
			super(CompletionUsage.class);
		}

		@Override
		public CompletionUsage deserialize(JsonParser parser, DeserializationContext context) throws IOException {
			Map<String, @Nullable Object> usage = TokenCounts
				.normalize(JsonValues.readObject(parser.readValueAsTree().toString()));
			for (String count : REQUIRED) {
				if (!(usage.get(count) instanceof Number)) {
					usage.put(count, 0);
				}
			}
			limit(usage);
			return ObjectMappers.jsonMapper().convertValue(usage, CompletionUsage.class);
		}

		@SuppressWarnings("unchecked")
		private static void limit(Map<String, @Nullable Object> counts) {
			counts.replaceAll((name, count) -> {
				if (count instanceof Map<?, ?> details) {
					limit((Map<String, @Nullable Object>) details);
				}
				return (count instanceof Number && name.endsWith("_tokens"))
						? Math.min(TokenCounts.count(counts, name), Integer.MAX_VALUE) : count;
			});
		}

	}

}
