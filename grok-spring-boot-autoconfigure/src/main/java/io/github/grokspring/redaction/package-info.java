/**
 * Takes secrets and personal data out of prompts and puts them back into answers.
 */
@NullMarked
package io.github.grokspring.redaction;

import org.jspecify.annotations.NullMarked;
