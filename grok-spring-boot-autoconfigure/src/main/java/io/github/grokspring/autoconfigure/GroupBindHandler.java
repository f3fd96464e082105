package io.github.grokspring.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.ResolvableType;

/**
 * {@link BindHandler} that binds a map, for example {@code grok.models}, to its entries
 * only. A value of the same name is an environment variable of another tool, for example
 * {@code GROK_MODELS}. Values from other sources are rejected by
 * {@link UnknownPropertyValidator}.
 */
final class GroupBindHandler extends AbstractBindHandler {

	GroupBindHandler() {
	}

	GroupBindHandler(BindHandler parent) {
		super(parent);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		if (GrokPropertyNames.ROOT.isParentOf(name) && target.getType().resolve() == Map.class
				&& isOurs(target.getType().getGeneric(1)) && hasNoEntries(name, context)) {
			return null;
		}
		return super.onStart(name, target, context);
	}

	private static boolean isOurs(ResolvableType value) {
		return GrokPropertyNames.isGroup(value) || value.toClass() == Object.class;
	}

	private static boolean hasNoEntries(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT) {
				return false;
			}
		}
		return true;
	}

}
