package io.github.grokspring.golden;

import java.util.ArrayList;
import java.util.List;

import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.chat.memory.autoconfigure.ChatMemoryAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Applications as users start them: every auto-configuration of the starter, whatever its
 * name.
 */
final class Applications {

	private Applications() {
	}

	/**
	 * The starter without a key.
	 */
	static ApplicationContextRunner starter() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(autoConfigurations()));
	}

	/**
	 * The auto-configurations of the starter and those that it brings.
	 */
	static Class<?>[] autoConfigurations() {
		List<Class<?>> classes = new ArrayList<>(springAutoConfigurations());
		classes.addAll(ownAutoConfigurations());
		return classes.toArray(Class<?>[]::new);
	}

	/**
	 * The auto-configurations that the starter brings.
	 */
	static List<Class<?>> springAutoConfigurations() {
		return List.of(SslAutoConfiguration.class, ToolCallingAutoConfiguration.class,
				ChatClientAutoConfiguration.class, ChatMemoryAutoConfiguration.class);
	}

	private static List<Class<?>> ownAutoConfigurations() {
		ClassLoader loader = Applications.class.getClassLoader();
		List<Class<?>> classes = new ArrayList<>();
		for (String name : ImportCandidates.load(AutoConfiguration.class, loader)) {
			if (name.startsWith("io.github.grokspring.")) {
				try {
					classes.add(Class.forName(name, false, loader));
				}
				catch (ClassNotFoundException ex) {
					throw new IllegalStateException("The list of auto-configurations names a missing class", ex);
				}
			}
		}
		return classes;
	}

}
