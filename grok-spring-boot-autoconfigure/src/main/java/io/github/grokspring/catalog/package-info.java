/**
 * Which Grok models exist, what each accepts and what each costs.
 */
@NullMarked
package io.github.grokspring.catalog;

import org.jspecify.annotations.NullMarked;
