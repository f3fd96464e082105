/**
 * xAI's server-side tools, and what answers say of their use: calls and citations.
 */
@NullMarked
package io.github.grokspring.tool;

import org.jspecify.annotations.NullMarked;
