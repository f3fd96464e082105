package io.github.grokspring.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.TokenizeTextClient;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.token.CalibratedEstimator;
import io.github.grokspring.token.LocalTokenizer;
import io.github.grokspring.token.PromptTokenEstimator;
import io.github.grokspring.token.RemoteTokenizer;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.util.ClassUtils;

/**
 * Configuration of token counting.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokTokenizerProperties.class)
@ImportRuntimeHints(TokenizerConfiguration.Hints.class)
class TokenizerConfiguration {

	@Bean
	Tokenizers grokTokenizers(GrokTokenizerProperties properties, GrokChatProperties chat, ModelCatalog catalog,
			ObjectProvider<XaiHttpClient> exchange) {
		UnaryOperator<String> names = catalog::resolveId;
		CalibratedEstimator rough = new CalibratedEstimator(PromptTokenEstimator.approximate(), names);
		LocalTokenizer vocabulary = new LocalTokenizer();
		CalibratedEstimator local = new CalibratedEstimator(PromptTokenEstimator.counting(vocabulary), names,
				vocabulary::isLoaded);
		String model = (chat.model() != null) ? chat.model()
				: Objects.requireNonNull(GrokChatProperties.DEFAULTS.model());
		TokenCountEstimator calibrated = local.forTexts(vocabulary, model);
		if (properties.mode() == GrokTokenizerProperties.Mode.LOCAL) {
			return new Tokenizers(calibrated, rough, local, local);
		}
		TokenizeTextClient remote = new TokenizeTextClient(required(exchange, properties), names.apply(model),
				properties.timeout());
		Map<String, Integer> cache = cache(properties.cacheSize());
		RemoteTokenizer always = new RemoteTokenizer(remote, calibrated, 0, cache);
		TokenCountEstimator texts = (properties.mode() == GrokTokenizerProperties.Mode.REMOTE) ? always
				: new RemoteTokenizer(remote, calibrated, nearLimit(catalog.find(names.apply(model))), cache);
		return new Tokenizers(texts, rough, local,
				new CalibratedEstimator(PromptTokenEstimator.counting(always), names, vocabulary::isLoaded));
	}

	private static XaiHttpClient required(ObjectProvider<XaiHttpClient> exchanges, GrokTokenizerProperties properties) {
		XaiHttpClient exchange = exchanges.getIfAvailable();
		if (exchange == null) {
			throw new GrokConfigurationException("grok.tokenizer.mode",
					"is '" + properties.mode().name().toLowerCase(Locale.ROOT)
							+ "', but io.projectreactor.netty:reactor-netty-http is not on the class path",
					"Add the dependency io.projectreactor.netty:reactor-netty-http, or set the property to 'local'.");
		}
		return exchange;
	}

	/**
	 * Returns the number of tokens from which a text is close to the context window.
	 */
	private static int nearLimit(@Nullable GrokModel model) {
		int window = (model != null) ? model.contextWindow() : 0;
		return (window > 0) ? window - window / 4 : Integer.MAX_VALUE;
	}

	private static Map<String, Integer> cache(int size) {
		return ClassUtils.isPresent("com.github.benmanes.caffeine.cache.Caffeine",
				TokenizerConfiguration.class.getClassLoader()) ? CaffeineCache.of(size)
						: Collections.synchronizedMap(new LruCache(size));
	}

	@Bean
	@ConditionalOnMissingBean(TokenCountEstimator.class)
	TokenCountEstimator grokTokenizer(Tokenizers tokenizers) {
		return tokenizers.texts();
	}

	@Bean
	@ConditionalOnMissingBean(PromptTokenEstimator.class)
	PromptTokenEstimator grokPromptTokenEstimator(Tokenizers tokenizers) {
		return tokenizers.rough();
	}

	/**
	 * Creates a Caffeine cache. Isolates the optional dependency.
	 */
	private static final class CaffeineCache {

		static Map<String, Integer> of(int size) {
			return Caffeine.newBuilder().maximumSize(size).<String, Integer>build().asMap();
		}

	}

	/**
	 * An LRU cache for applications without Caffeine.
	 */
	private static final class LruCache extends LinkedHashMap<String, Integer> {

		private static final long serialVersionUID = 1L;

		private final int size;

		LruCache(int size) {
			super(16, 0.75f, true);
			this.size = size;
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
			return size() > this.size;
		}

	}

	/**
	 * Runtime hints for native images.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("com/knuddels/jtokkit/o200k_base.tiktoken");
		}

	}

}
