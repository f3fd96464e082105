package io.github.grokspring.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the {@code grok} endpoint.
 *
 * @param showValues When to show values that may be sensitive, for example hosts of MCP
 * servers and tenant names.
 * @param roles Roles that are authorized to see such values. When empty, all
 * authenticated users are authorized.
 */
@ConfigurationProperties("management.endpoint.grok")
record GrokEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {

	GrokEndpointProperties {
		roles = Set.copyOf(roles);
	}

}
