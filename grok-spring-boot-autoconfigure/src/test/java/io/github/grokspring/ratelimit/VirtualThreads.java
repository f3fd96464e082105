package io.github.grokspring.ratelimit;

import java.lang.reflect.Method;

/**
 * Virtual threads of a JDK that has them; this module is compiled for one that has not.
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
