package io.github.grokspring.redaction;

import java.util.List;

/**
 * Finds one kind of value. Looks at every char of a text a bounded number of times,
 * whatever the text.
 */
@FunctionalInterface
interface Detector {

	/**
	 * Find values.
	 * @param text the text
	 * @param found takes what is found
	 */
	void detect(String text, List<DetectedValue> found);

}
