package io.github.grokspring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the sample: against xAI with a key, against a double of its API without one.
 */
@SpringBootApplication
public class GrokSampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(GrokSampleApplication.class, args);
	}

}
