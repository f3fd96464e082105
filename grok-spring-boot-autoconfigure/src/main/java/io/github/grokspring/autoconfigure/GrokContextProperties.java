package io.github.grokspring.autoconfigure;

import io.github.grokspring.context.OnOverflow;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the context window.
 *
 * @param onOverflow Action to take when a prompt exceeds the context window of its model.
 */
@ConfigurationProperties("grok.context")
record GrokContextProperties(@DefaultValue("fail") OnOverflow onOverflow) {

}
