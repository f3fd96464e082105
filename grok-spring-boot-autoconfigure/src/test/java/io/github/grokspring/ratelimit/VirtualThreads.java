package io.github.grokspring.ratelimit;

import java.lang.reflect.Method;

/**
 * Creates virtual threads with reflection, as this module is compiled for Java 17.
 */
final class VirtualThreads {

	private VirtualThreads() {
	}

	static Thread unstarted(Runnable task) {
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
			return (Thread) unstarted.invoke(builder, task);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
