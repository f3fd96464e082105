package io.github.grokspring.sample;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Whether there is no key for xAI. A blank one counts as none.
 */
class OnMissingKey implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		return !StringUtils.hasText(environment.getProperty("grok.api-key"))
				&& !StringUtils.hasText(environment.getProperty("XAI_API_KEY"));
	}

}
