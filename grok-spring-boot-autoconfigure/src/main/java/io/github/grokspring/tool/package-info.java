/**
 * Server-side tools of xAI, and the citations and tool uses of responses.
 */
@NullMarked
package io.github.grokspring.tool;

import org.jspecify.annotations.NullMarked;
