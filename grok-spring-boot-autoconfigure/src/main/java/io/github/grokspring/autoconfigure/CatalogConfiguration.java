package io.github.grokspring.autoconfigure;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.catalog.ModelOverrideException;
import io.github.grokspring.catalog.RefreshableModelCatalog;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.XaiHttpClient;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Configuration of the model catalog.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ GrokModelsProperties.class, GrokCatalogProperties.class })
@ImportRuntimeHints(CatalogConfiguration.Hints.class)
class CatalogConfiguration {

	private static final Log logger = LogFactory.getLog(CatalogConfiguration.class);

	private boolean ours;

	@Bean
	@ConditionalOnMissingBean(ModelCatalog.class)
	ModelCatalog grokModelCatalog(GrokModelsProperties models, GrokCatalogProperties properties,
			GrokHttpProperties http, ObjectProvider<XaiHttpClient> exchange) {
		this.ours = true;
		Map<String, ModelOverride> overrides = models.overrides();
		try {
			return properties.refreshes()
					? RefreshableModelCatalog.create(overrides, () -> list(exchange, http), InstantSource.system())
					: ModelCatalog.bundled(overrides);
		}
		catch (ModelOverrideException ex) {
			throw new GrokConfigurationException(ModelPropertyNames.NAME + "[" + ex.model() + "]." + ex.setting(),
					ex.problem(), ex.action());
		}
	}

	@Bean
	CatalogRefresh grokCatalogRefresh(ModelCatalog catalog, GrokCatalogProperties properties,
			GrokModelsProperties models, ObjectProvider<XaiHttpClient> exchange) {
		CatalogRefresh refresh = new CatalogRefresh(catalog, properties, Schedulers.boundedElastic());
		if (!this.ours) {
			warnOfWithoutEffect(!models.models().isEmpty(), properties.refreshes() && !refresh.isOn());
			return refresh;
		}
		if (properties.refreshes() && exchange.getIfAvailable() == null) {
			throw new GrokConfigurationException("grok.catalog.refresh",
					"is '" + properties.refresh()
							+ "', but io.projectreactor.netty:reactor-netty-http is not on the class path",
					"Add the dependency io.projectreactor.netty:reactor-netty-http, or set the property to 'never'.");
		}
		return refresh;
	}

	private static void warnOfWithoutEffect(boolean models, boolean refresh) {
		List<String> properties = new ArrayList<>();
		if (models) {
			properties.add("'" + ModelPropertyNames.NAME + "'");
		}
		if (refresh) {
			properties.add("'grok.catalog.refresh'");
		}
		if (!properties.isEmpty()) {
			logger.warn(
					String.join(" and ", properties) + ((properties.size() > 1) ? " have no effect" : " has no effect")
							+ ", because the application defines its own ModelCatalog bean");
		}
	}

	private static Mono<byte[]> list(ObjectProvider<XaiHttpClient> exchange, GrokHttpProperties http) {
		ApiRequest request = new ApiRequest("GET", "/language-models", Map.of(), null, http.readTimeout(),
				http.readTimeout(), null);
		// The list is not parsed on the event loop
		return exchange.getObject().exchange(request).publishOn(Schedulers.boundedElastic()).map(ApiResponse::body);
	}

	/**
	 * Runtime hints for native images.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/github/grokspring/catalog/models.json");
		}

	}

}
