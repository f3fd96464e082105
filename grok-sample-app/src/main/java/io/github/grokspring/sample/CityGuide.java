package io.github.grokspring.sample;

import java.util.List;

/**
 * Short guide to a city, in the shape that the model has to keep to.
 *
 * @param city name of the city
 * @param country country that it lies in
 * @param summary what to know before going there
 * @param sights what to see
 */
record CityGuide(String city, String country, String summary, List<String> sights) {

}
