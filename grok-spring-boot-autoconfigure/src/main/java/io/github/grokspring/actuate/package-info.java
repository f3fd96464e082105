/**
 * What an operator sees: the health indicator and the endpoint.
 */
@NullMarked
package io.github.grokspring.actuate;

import org.jspecify.annotations.NullMarked;
