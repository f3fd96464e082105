package io.github.grokspring.autoconfigure;

import io.github.grokspring.cache.CacheScope;
import io.github.grokspring.cost.TenantResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Resolves the tenant once per call, on the calling or subscribing thread. With a remote
 * cache, a stream continues on another thread.
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
