package io.github.grokspring.cache;

import java.util.Map;
import java.util.function.Function;

/**
 * A type of values in the metadata of answers that a cache can hold, as numbers, texts
 * and maps of them.
 *
 * @param <T> the type
 * @param name what it is called in the cache
 * @param type the type
 * @param write takes a value apart
 * @param read puts a value together; may fail, in which case the answer is asked for anew
 * @since 0.1.0
 */
public record MetadataType<T>(String name, Class<T> type, Function<T, Map<String, ?>> write,
		Function<Map<String, ?>, T> read) {

	Map<String, ?> takeApart(Object value) {
		return this.write.apply(this.type.cast(value));
	}

}
