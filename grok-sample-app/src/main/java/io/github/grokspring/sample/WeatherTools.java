package io.github.grokspring.sample;

import java.util.Locale;
import java.util.Map;

import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.stereotype.Component;

/**
 * Weather that the model may ask for while it answers. A table stands in for a weather
 * service.
 */
@Component
class WeatherTools {

	private static final Map<String, Weather> WEATHER = Map.of("berlin", new Weather("Berlin", 9, "overcast"), "lisbon",
			new Weather("Lisbon", 21, "sunny"), "nairobi", new Weather("Nairobi", 24, "light clouds"), "reykjavik",
			new Weather("Reykjavik", 2, "sleet"), "tokyo", new Weather("Tokyo", 16, "rain"));

	@Tool(description = "Current weather of a city: temperature in degrees Celsius and sky")
	Weather currentWeather(@ToolParam(description = "Name of the city in English, such as Lisbon") String city) {
		return WEATHER.getOrDefault(city.strip().toLowerCase(Locale.ROOT), new Weather(city, null, "unknown"));
	}

}
