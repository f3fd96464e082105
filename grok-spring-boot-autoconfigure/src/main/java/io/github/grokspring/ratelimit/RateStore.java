package io.github.grokspring.ratelimit;

/**
 * Where rates are kept. Safe for use by several threads.
 */
@FunctionalInterface
interface RateStore {

	/**
	 * Keep a rate. It is full when it is not known yet.
	 * @param name which rate of which model, unique within the application
	 * @param rate the rate
	 * @return what is left of it
	 */
	RateBucket bucket(String name, Rate rate);

}
