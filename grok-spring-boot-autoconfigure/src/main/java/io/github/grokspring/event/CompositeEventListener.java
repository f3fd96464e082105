package io.github.grokspring.event;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Listeners that do not depend on one another.
 *
 * @param listeners the listeners
 */
record CompositeEventListener(List<GrokEventListener> listeners) implements GrokEventListener {

	private static final Log logger = LogFactory.getLog(CompositeEventListener.class);

	@Override
	public void onEvent(GrokEvent event) {
		for (GrokEventListener listener : this.listeners) {
			try {
				listener.onEvent(event);
			}
			catch (VirtualMachineError ex) {
				throw ex;
			}
			// Not Reactor's idea of what is fatal: a class that a listener lacks ends no
			// call
			catch (Throwable ex) {
				if (ex instanceof InterruptedException) {
					Thread.currentThread().interrupt();
				}
				logger.warn("A listener of type " + listener.getClass().getName() + " failed on "
						+ event.getClass().getSimpleName() + "; the call goes on", ex);
			}
		}
	}

}
