/**
 * What can go wrong between an application and xAI, in words of our own.
 */
@NullMarked
package io.github.grokspring.error;

import org.jspecify.annotations.NullMarked;
