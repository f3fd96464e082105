package io.github.grokspring.test;

import java.util.Iterator;

import io.github.grokspring.test.Outgoing.Step;

/**
 * An answer in the form of one endpoint.
 */
interface Rendition {

	byte[] toJson();

	Iterator<Step> toEvents(Course course);

}
