package io.github.grokspring.autoconfigure;

import io.github.grokspring.scrub.OnUnsupported;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of scrubbing.
 *
 * @param enabled Whether parameters that the chosen model refuses are kept from being
 * sent
 * @param onUnsupported What is done about a parameter that the chosen model refuses or
 * ignores
 * @param learn Whether a parameter that xAI refuses in spite of the catalogue is left out
 * from then on; only where parameters are dropped
 */
@ConfigurationProperties("grok.scrub")
record GrokScrubProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("drop") OnUnsupported onUnsupported,
		@DefaultValue("true") Boolean learn) {

}
