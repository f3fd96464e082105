package io.github.grokspring.autoconfigure;


import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Configuration;

/**
 * The transport {@code spring-ai}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.ai.openai.OpenAiChatModel")
class SpringAiTransportConfiguration {

	static final String BEAN_NAME = "grokSpringAiTransport";

}
