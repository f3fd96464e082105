package io.github.grokspring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the sample, which calls xAI with an API key and a mock of xAI without one.
 */
@SpringBootApplication
public class GrokSampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(GrokSampleApplication.class, args);
	}

}
