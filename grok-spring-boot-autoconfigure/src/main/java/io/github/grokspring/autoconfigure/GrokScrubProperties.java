package io.github.grokspring.autoconfigure;

import io.github.grokspring.scrub.OnUnsupported;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of parameter scrubbing.
 *
 * @param enabled Whether to check requests for parameters that the requested model
 * rejects.
 * @param onUnsupported Action to take when the requested model rejects or ignores a
 * parameter.
 * @param learn Whether to drop a parameter from all further requests once xAI has
 * rejected it contrary to the catalog. Applies only when unsupported parameters are
 * dropped.
 */
@ConfigurationProperties("grok.scrub")
record GrokScrubProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("drop") OnUnsupported onUnsupported,
		@DefaultValue("true") Boolean learn) {

}
