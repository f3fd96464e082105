package io.github.grokspring.event;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrokEventListener}.
 */
@ExtendWith(OutputCaptureExtension.class)
class GrokEventListenerTests {

	private final ModelRedirected event = new ModelRedirected("default", "grok-4", "grok-4.3");

	@Test
	void everyListenerIsToldInOrder() {
		List<String> told = new ArrayList<>();
		GrokEventListener.all(List.of((event) -> told.add("first"), (event) -> told.add("second"))).onEvent(this.event);
		assertThat(told).containsExactly("first", "second");
	}

	@Test
	void aListenerThatThrowsKeepsNobodyFromGoingOn(CapturedOutput output) {
		List<GrokEvent> told = new ArrayList<>();
		GrokEventListener failing = (event) -> {
			throw new IllegalStateException("broken");
		};
		GrokEventListener.all(List.of(failing, told::add)).onEvent(this.event);
		assertThat(told).containsExactly(this.event);
		assertThat(output).contains("failed on ModelRedirected").contains("broken");
	}

	@Test
	void nobodyListensQuietly(CapturedOutput output) {
		GrokEventListener.all(List.of()).onEvent(this.event);
		GrokEventListener.none().onEvent(this.event);
		assertThat(output).isEmpty();
	}

}
