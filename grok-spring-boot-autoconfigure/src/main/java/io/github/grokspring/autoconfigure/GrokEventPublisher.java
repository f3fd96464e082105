package io.github.grokspring.autoconfigure;

import io.github.grokspring.event.GrokEventListener;

/**
 * Where stages tell what happens: all listeners of the application as one.
 *
 * @param listener the listeners
 */
record GrokEventPublisher(GrokEventListener listener) {

}
