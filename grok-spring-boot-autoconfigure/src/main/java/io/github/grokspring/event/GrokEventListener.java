package io.github.grokspring.event;

import java.util.List;

/**
 * Listener for {@link GrokEvent events} of calls. Listeners are invoked on the thread on
 * which the event occurs, which may be an event loop. Implementations must be
 * thread-safe, must not block and should not throw exceptions.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokEventListener {

	/**
	 * Handles an event.
	 * @param event the event
	 */
	void onEvent(GrokEvent event);

	/**
	 * Returns a listener that does nothing.
	 * @return the listener
	 */
	static GrokEventListener none() {
		return (event) -> {
		};
	}

	/**
	 * Combines listeners into one. An exception or error that one of them throws is
	 * logged and affects neither the call nor the other listeners, except for a
	 * {@link VirtualMachineError}, which is rethrown.
	 * @param listeners the listeners, in the order of invocation
	 * @return the composite listener
	 */
	static GrokEventListener composite(List<? extends GrokEventListener> listeners) {
		return listeners.isEmpty() ? none() : new CompositeEventListener(List.copyOf(listeners));
	}

	/**
	 * Wraps a listener so that its failures do not affect the call; see
	 * {@link #composite(List)}.
	 * @param listener the listener
	 * @return the wrapper, or the listener itself if it is fail-safe
	 */
	static GrokEventListener failSafe(GrokEventListener listener) {
		return (listener instanceof CompositeEventListener) ? listener : new CompositeEventListener(List.of(listener));
	}

}
