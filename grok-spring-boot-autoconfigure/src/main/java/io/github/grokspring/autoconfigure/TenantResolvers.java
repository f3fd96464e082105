package io.github.grokspring.autoconfigure;

import io.github.grokspring.cache.CacheScope;
import io.github.grokspring.cost.TenantResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Makes sure that a tenant is found out but once, on the thread that calls or subscribes:
 * behind a cache that is elsewhere a stream goes on on another one.
 */
final class TenantResolvers {

	private TenantResolvers() {
	}

	static TenantResolver of(ObjectProvider<TenantResolver> tenants) {
		TenantResolver resolver = tenants.getIfUnique(TenantResolver::toolContext);
		return (prompt) -> {
			@Nullable String known = CacheScope.tenantOf(prompt);
			return (known != null) ? known : resolver.tenantOf(prompt);
		};
	}

}
