package io.github.grokspring.cache;

import java.util.Map;
import java.util.function.Function;

/**
 * Describes how values of a type in response metadata are cached.
 *
 * @param <T> the type
 * @param name unique name of the type within cache entries
 * @param type the type
 * @param write converts a value to strings, numbers, and maps of these
 * @param read restores a value; if it fails, the cached response is ignored
 * @since 0.1.0
 */
public record MetadataType<T>(String name, Class<T> type, Function<T, Map<String, ?>> write,
		Function<Map<String, ?>, T> read) {

	Map<String, ?> toFields(Object value) {
		return this.write.apply(this.type.cast(value));
	}

}
