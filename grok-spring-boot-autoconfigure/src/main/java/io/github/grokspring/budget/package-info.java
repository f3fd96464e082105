/**
 * Refuses what would overspend: reserves the worst case before a call and settles with
 * its real cost after it.
 */
@NullMarked
package io.github.grokspring.budget;

import org.jspecify.annotations.NullMarked;
