package io.github.grokspring.test;

import java.util.Iterator;

import io.github.grokspring.test.Course.ErrorText;
import io.github.grokspring.test.Outgoing.Step;

/**
 * An answer in the form of one endpoint.
 */
interface Rendition {

	byte[] toJson();

	/**
	 * An answer that failed in its middle.
	 * @param error what failed
	 * @return the body of the answer that is not streamed
	 */
	default byte[] toJson(ErrorText error) {
		return error.toJson();
	}

	Iterator<Step> toEvents(Course course);

}
