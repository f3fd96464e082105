package io.github.grokspring.sample;

import java.util.List;

/**
 * A short guide to a city, used as output schema.
 *
 * @param city name of the city
 * @param country country of the city
 * @param summary what to know before a visit
 * @param sights places to visit
 */
record CityGuide(String city, String country, String summary, List<String> sights) {

}
