/**
 * Redaction of secrets and personal data in prompts, and protection against prompt
 * injection.
 */
@NullMarked
package io.github.grokspring.redaction;

import org.jspecify.annotations.NullMarked;
