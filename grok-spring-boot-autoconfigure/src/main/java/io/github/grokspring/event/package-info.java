/**
 * What happened to calls, as one family of records.
 */
@NullMarked
package io.github.grokspring.event;

import org.jspecify.annotations.NullMarked;
