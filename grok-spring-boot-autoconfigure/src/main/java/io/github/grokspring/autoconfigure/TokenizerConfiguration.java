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
import io.github.grokspring.connection.HttpExchange;
import io.github.grokspring.connection.TextTokens;
import io.github.grokspring.token.CorrectedTokenizer;
import io.github.grokspring.token.LearnedEstimator;
import io.github.grokspring.token.LocalTokenizer;
import io.github.grokspring.token.PromptTokenEstimator;
import io.github.grokspring.token.RemoteTokenizer;
import io.github.grokspring.token.TokenCorrections;
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
 * How tokens are counted.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokTokenizerProperties.class)
@ImportRuntimeHints(TokenizerConfiguration.Hints.class)
class TokenizerConfiguration {

	@Bean
	Tokenizers grokTokenizers(GrokTokenizerProperties properties, GrokChatProperties chat, ModelCatalog catalog,
			ObjectProvider<HttpExchange> exchange) {
		UnaryOperator<String> names = catalog::resolveId;
		LearnedEstimator rough = new LearnedEstimator(PromptTokenEstimator.approximate(), new TokenCorrections(names));
		LocalTokenizer vocabulary = new LocalTokenizer();
		TokenCorrections corrections = new TokenCorrections(names);
		LearnedEstimator local = new LearnedEstimator(PromptTokenEstimator.counting(vocabulary), corrections,
				vocabulary::isLoaded);
		String model = (chat.model() != null) ? chat.model()
				: Objects.requireNonNull(GrokChatProperties.DEFAULTS.model());
		TokenCountEstimator corrected = new CorrectedTokenizer(vocabulary,
				(tokens) -> (int) Math.min(Integer.MAX_VALUE, corrections.correctText(model, tokens)));
		if (properties.mode() == GrokTokenizerProperties.Mode.LOCAL) {
			return new Tokenizers(corrected, rough, local, local);
		}
		TextTokens remote = new TextTokens(required(exchange, properties), names.apply(model), properties.timeout());
		Map<String, Integer> cache = cache(properties.cacheSize());
		RemoteTokenizer always = new RemoteTokenizer(remote, corrected, 0, cache);
		TokenCountEstimator texts = (properties.mode() == GrokTokenizerProperties.Mode.REMOTE) ? always
				: new RemoteTokenizer(remote, corrected, nearLimit(catalog.find(names.apply(model))), cache);
		return new Tokenizers(texts, rough, local, new LearnedEstimator(PromptTokenEstimator.counting(always),
				new TokenCorrections(names), vocabulary::isLoaded));
	}

	private static HttpExchange required(ObjectProvider<HttpExchange> exchanges, GrokTokenizerProperties properties) {
		HttpExchange exchange = exchanges.getIfAvailable();
		if (exchange == null) {
			throw new GrokConfigurationException("grok.tokenizer.mode",
					"is '" + properties.mode().name().toLowerCase(Locale.ROOT)
							+ "', but there is nothing to ask xAI with",
					"Add io.projectreactor.netty:reactor-netty-http to the application, or write 'local'.");
		}
		return exchange;
	}

	/**
	 * From how many tokens on a text alone comes near the window of a model.
	 */
	private static int nearLimit(@Nullable GrokModel model) {
		int window = (model != null) ? model.contextWindow() : 0;
		return (window > 0) ? window - window / 4 : Integer.MAX_VALUE;
	}

	private static Map<String, Integer> cache(int size) {
		return ClassUtils.isPresent("com.github.benmanes.caffeine.cache.Caffeine",
				TokenizerConfiguration.class.getClassLoader()) ? CaffeineCache.of(size)
						: Collections.synchronizedMap(new OldestLeaves(size));
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
	 * A cache that evicts by use.
	 */
	private static final class CaffeineCache {

		static Map<String, Integer> of(int size) {
			return Caffeine.newBuilder().maximumSize(size).<String, Integer>build().asMap();
		}

	}

	/**
	 * A cache without a library.
	 */
	private static final class OldestLeaves extends LinkedHashMap<String, Integer> {

		private static final long serialVersionUID = 1L;

		private final int size;

		OldestLeaves(int size) {
			super(16, 0.75f, true);
			this.size = size;
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
			return size() > this.size;
		}

	}

	/**
	 * What a native image must not leave out.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("com/knuddels/jtokkit/o200k_base.tiktoken");
		}

	}

}
