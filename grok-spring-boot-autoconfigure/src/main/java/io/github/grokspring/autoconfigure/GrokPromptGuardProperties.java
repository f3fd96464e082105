package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the prompt guard.
 *
 * @param enabled Whether what users write is fenced, and the model told not to obey it
 * against its system prompt
 */
@ConfigurationProperties("grok.prompt-guard")
record GrokPromptGuardProperties(@DefaultValue("false") Boolean enabled) {

}
