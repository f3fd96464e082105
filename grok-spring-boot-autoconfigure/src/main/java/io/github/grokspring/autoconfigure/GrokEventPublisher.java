package io.github.grokspring.autoconfigure;

import io.github.grokspring.event.GrokEventListener;

/**
 * Publishes the events of stages to all listeners of the application.
 *
 * @param listener the composite of the listeners
 */
record GrokEventPublisher(GrokEventListener listener) {

}
