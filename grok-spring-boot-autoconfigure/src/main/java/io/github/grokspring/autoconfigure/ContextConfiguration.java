package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.context.ContextWindowChatModel;
import io.github.grokspring.context.ContextWindowSettings;
import io.github.grokspring.token.CalibratedEstimator;
import io.github.grokspring.token.PromptTokenEstimator;

import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of fitting prompts into the context window.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokContextProperties.class)
class ContextConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "grokContextDecorator")
	ChatModelDecorator grokContextDecorator(GrokContextProperties properties, ModelCatalog catalog,
			Tokenizers tokenizers, ObjectProvider<PromptTokenEstimator> estimators,
			ObjectProvider<TokenCountEstimator> texts) {
		return ContextWindowChatModel.decorator(new ContextWindowSettings(catalog, properties.onOverflow(),
				rough(estimators.getIfUnique(tokenizers::rough), catalog),
				exact(texts.getIfUnique(tokenizers::texts), tokenizers, catalog), tokenizers.local()));
	}

	private static CalibratedEstimator rough(PromptTokenEstimator estimator, ModelCatalog catalog) {
		return (estimator instanceof CalibratedEstimator calibrated) ? calibrated
				: new CalibratedEstimator(estimator, catalog::resolveId);
	}

	// A custom estimator of texts is used for prompts, too
	private static CalibratedEstimator exact(TokenCountEstimator texts, Tokenizers tokenizers, ModelCatalog catalog) {
		return (texts == tokenizers.texts()) ? tokenizers.exact()
				: new CalibratedEstimator(PromptTokenEstimator.counting(texts), catalog::resolveId);
	}

}
