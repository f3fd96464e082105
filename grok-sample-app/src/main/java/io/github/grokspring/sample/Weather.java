package io.github.grokspring.sample;

import org.jspecify.annotations.Nullable;

/**
 * Weather of a city.
 *
 * @param city name of the city
 * @param celsius temperature, {@code null} when it is not known
 * @param sky what the sky looks like
 */
record Weather(String city, @Nullable Integer celsius, String sky) {

}
