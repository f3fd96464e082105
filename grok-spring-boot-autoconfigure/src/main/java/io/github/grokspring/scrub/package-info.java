/**
 * Takes out of a request what its model refuses, and reads from an answer what its model
 * did differently.
 */
@NullMarked
package io.github.grokspring.scrub;

import org.jspecify.annotations.NullMarked;
