package io.github.grokspring.sample;

import java.util.List;

import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.stereotype.Component;

/**
 * Weather tool for the model. A table replaces a weather service.
 */
@Component
class WeatherTools {

	private static final List<Weather> WEATHER = List.of(new Weather("Berlin", 9, "overcast"),
			new Weather("Lisbon", 21, "sunny"), new Weather("Nairobi", 24, "light clouds"),
			new Weather("Reykjavik", 2, "sleet"), new Weather("Tokyo", 16, "rain"));

	@Tool(description = "Current weather of a city: temperature in degrees Celsius and sky")
	Weather currentWeather(@ToolParam(description = "Name of the city in English, such as Lisbon") String city) {
		return WEATHER.stream()
			.filter((weather) -> weather.city().equalsIgnoreCase(city.strip()))
			.findFirst()
			.orElseGet(() -> new Weather(city, null, "unknown"));
	}

}
