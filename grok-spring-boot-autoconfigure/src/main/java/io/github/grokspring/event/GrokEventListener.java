package io.github.grokspring.event;

import java.util.List;

/**
 * Is told what happens to calls. Called on the thread where it happens, which may be an
 * event loop: implementations must not block, must not throw, and are safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokEventListener {

	/**
	 * Take note of an event.
	 * @param event what happened
	 */
	void onEvent(GrokEvent event);

	/**
	 * A listener that does nothing.
	 * @return the listener
	 */
	static GrokEventListener none() {
		return (event) -> {
		};
	}

	/**
	 * Several listeners as one. One that throws, whatever it is but a
	 * {@link VirtualMachineError}, keeps neither the call nor the other listeners from
	 * going on.
	 * @param listeners the listeners, in the order in which they are told
	 * @return one listener
	 */
	static GrokEventListener composite(List<? extends GrokEventListener> listeners) {
		return listeners.isEmpty() ? none() : new CompositeEventListener(List.copyOf(listeners));
	}

	/**
	 * A listener that keeps no call from going on, as {@link #composite(List)} makes it.
	 * @param listener the listener
	 * @return the listener itself if it is such a one
	 */
	static GrokEventListener failSafe(GrokEventListener listener) {
		return (listener instanceof CompositeEventListener) ? listener : new CompositeEventListener(List.of(listener));
	}

}
