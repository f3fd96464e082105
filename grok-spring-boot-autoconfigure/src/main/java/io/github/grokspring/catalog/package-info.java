/**
 * Catalog of Grok models with their parameters and prices.
 */
@NullMarked
package io.github.grokspring.catalog;

import org.jspecify.annotations.NullMarked;
