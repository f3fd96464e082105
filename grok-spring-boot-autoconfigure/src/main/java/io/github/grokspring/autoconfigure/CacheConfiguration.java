package io.github.grokspring.autoconfigure;

import java.time.Clock;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.grokspring.cache.CacheScope;
import io.github.grokspring.cache.CachingChatModel;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.cache.ResponseCacheSettings;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.cost.TenantResolver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Configuration of the response cache, in a cache of the application or a local one.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ GrokCacheProperties.class, GrokPromptGuardProperties.class })
@ConditionalOnBooleanProperty("grok.cache.enabled")
class CacheConfiguration {

	private static final Log logger = LogFactory.getLog(CacheConfiguration.class);

	@Bean
	@ConditionalOnMissingBean(ResponseCache.class)
	ResponseCache grokResponseCache(GrokCacheProperties properties, ResponseStore store, GrokEventPublisher events,
			GrokConnectionDetails connection, ObjectProvider<TenantResolver> tenants, Environment environment,
			GrokPromptGuardProperties guard) {
		@Nullable String namespace = properties.namespace();
		CacheScope scope = new CacheScope(BaseUrl.of(connection.getBaseUrl()).value(),
				(namespace != null) ? namespace : "",
				environment.getProperty("grok.redaction.enabled", Boolean.class, false),
				properties.scope() == GrokCacheProperties.Scope.TENANT, TenantResolvers.of(tenants)::tenantOf);
		ResponseCacheSettings terms = new ResponseCacheSettings(properties.ttl(), properties.serverTools(),
				properties.timeout(), scope, new CostResponseAccessor(), guard.conversationIds(connection)::sentId);
		return ResponseCache.of(terms, store, events.listener(), Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokCacheDecorator")
	ChatModelDecorator grokCacheDecorator(ResponseCache cache) {
		return CachingChatModel.decorator(cache);
	}

	private static @Nullable ResponseStore applicationStore(GrokCacheProperties properties,
			ObjectProvider<CacheManager> caches) {
		CacheManager manager = caches.getIfUnique();
		if (manager == null) {
			return null;
		}
		Cache cache = manager.getCache(properties.cacheName());
		if (cache == null) {
			throw new GrokConfigurationException("grok.cache.cache-name",
					"is '" + properties.cacheName()
							+ "', but the CacheManager of the application has no cache of that name",
					"Add the cache to the CacheManager, for example with 'spring.cache.cache-names', or set the property"
							+ " to the name of an existing cache.");
		}
		if (UnboundedCaches.contain(cache)) {
			logger.warn("The cache '" + properties.cacheName() + "' of the application is unbounded, so responses"
					+ " will fill the memory. Set 'spring.cache.caffeine.spec' to limits, for example"
					+ " 'maximumSize=10000,expireAfterWrite=1h', or limit the cache in its configuration.");
		}
		return ResponseStore.of(cache);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Caffeine.class)
	static class CaffeineConfiguration {

		@Bean
		@ConditionalOnMissingBean(ResponseStore.class)
		ResponseStore grokResponseStore(GrokCacheProperties properties, ObjectProvider<CacheManager> caches) {
			ResponseStore store = applicationStore(properties, caches);
			return (store != null) ? store : ResponseStore.local(properties.maxEntries());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("com.github.benmanes.caffeine.cache.Caffeine")
	static class MissingCaffeineConfiguration {

		@Bean
		@ConditionalOnMissingBean(ResponseStore.class)
		ResponseStore grokResponseStore(GrokCacheProperties properties, ObjectProvider<CacheManager> caches) {
			ResponseStore store = applicationStore(properties, caches);
			if (store == null) {
				throw new GrokConfigurationException("grok.cache.enabled",
						"is 'true', but there is neither a CacheManager bean nor com.github.ben-manes.caffeine:caffeine on the"
								+ " class path",
						"Add the dependency com.github.ben-manes.caffeine:caffeine, define a CacheManager bean, or set the"
								+ " property to 'false'.");
			}
			return store;
		}

	}

}
