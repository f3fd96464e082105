/**
 * Removal of unsupported request parameters, and checks of responses for redirected
 * models, missing text and endless repetition.
 */
@NullMarked
package io.github.grokspring.scrub;

import org.jspecify.annotations.NullMarked;
