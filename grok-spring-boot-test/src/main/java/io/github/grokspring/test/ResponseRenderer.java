package io.github.grokspring.test;

import java.util.Iterator;

import io.github.grokspring.test.HttpReply.Step;
import io.github.grokspring.test.StreamPlan.ErrorText;

/**
 * Renders the output of a model in the format of an endpoint.
 */
interface ResponseRenderer {

	byte[] toJson();

	/**
	 * Returns the body of a response that failed.
	 */
	default byte[] toJson(ErrorText error) {
		return error.toJson();
	}

	Iterator<Step> toEvents(StreamPlan plan);

}
