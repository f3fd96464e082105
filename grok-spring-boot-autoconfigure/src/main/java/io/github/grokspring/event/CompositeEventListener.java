package io.github.grokspring.event;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link GrokEventListener} that delegates to other listeners and logs their failures.
 *
 * @param listeners the delegates
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
			// Includes linkage errors, unlike Exceptions.throwIfFatal
			catch (Throwable ex) {
				if (ex instanceof InterruptedException) {
					Thread.currentThread().interrupt();
				}
				logger.warn("Listener of type " + listener.getClass().getName() + " failed on "
						+ event.getClass().getSimpleName() + "; the call continues", ex);
			}
		}
	}

}
