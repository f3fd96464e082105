package io.github.grokspring.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint.
 *
 * @param showValues When values are shown that may be private, such as hosts of MCP
 * servers and names of tenants
 * @param roles Roles to which they are shown; everybody who is authenticated if empty
 */
@ConfigurationProperties("management.endpoint.grok")
record GrokEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {

	GrokEndpointProperties {
		roles = Set.copyOf(roles);
	}

}
