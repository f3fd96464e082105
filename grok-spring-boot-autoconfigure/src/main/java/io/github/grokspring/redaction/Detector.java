package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects one kind of value in time linear in the length of the text.
 */
@FunctionalInterface
interface Detector {

	/**
	 * Detects values.
	 */
	void detect(String text, List<DetectedValue> found);

}
