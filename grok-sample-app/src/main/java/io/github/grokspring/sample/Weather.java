package io.github.grokspring.sample;

import org.jspecify.annotations.Nullable;

/**
 * Weather of a city.
 *
 * @param city name of the city
 * @param celsius temperature, {@code null} if unknown
 * @param sky description of the sky
 */
record Weather(String city, @Nullable Integer celsius, String sky) {

}
