/**
 * Actuator endpoint, health indicator and info contributor.
 */
@NullMarked
package io.github.grokspring.actuate;

import org.jspecify.annotations.NullMarked;
