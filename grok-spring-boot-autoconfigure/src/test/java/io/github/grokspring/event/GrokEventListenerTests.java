package io.github.grokspring.event;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrokEventListener}.
 */
@ExtendWith(OutputCaptureExtension.class)
class GrokEventListenerTests {

	private final ModelRedirected event = new ModelRedirected("default", "grok-4", "grok-4.3");

	@Test
	void listenersAreInvokedInOrder() {
		List<String> received = new ArrayList<>();
		GrokEventListener.composite(List.of((event) -> received.add("first"), (event) -> received.add("second")))
			.onEvent(this.event);
		assertThat(received).containsExactly("first", "second");
	}

	@Test
	void failureOfListenerIsLoggedAndOtherListenersAreInvoked(CapturedOutput output) {
		List<GrokEvent> received = new ArrayList<>();
		GrokEventListener failing = (event) -> {
			throw new IllegalStateException("broken");
		};
		GrokEventListener.composite(List.of(failing, received::add)).onEvent(this.event);
		assertThat(received).containsExactly(this.event);
		assertThat(output).contains("failed on ModelRedirected").contains("broken");
	}

	static List<Throwable> failures() {
		return List.of(new IllegalStateException("broken"), new IOException("disk full"), new Exception("checked"),
				new AssertionError("no"), new NoClassDefFoundError("gone"), new ExceptionInInitializerError("no"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureOfAnyTypeDoesNotAffectOtherListeners(Throwable failure) {
		List<GrokEvent> received = new ArrayList<>();
		GrokEventListener.composite(List.of((event) -> sneak(failure), received::add)).onEvent(this.event);
		GrokEventListener.failSafe((event) -> sneak(failure)).onEvent(this.event);
		assertThat(received).containsExactly(this.event);
	}

	@Test
	void interruptedFlagIsRestored() {
		GrokEventListener.failSafe((event) -> sneak(new InterruptedException())).onEvent(this.event);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void virtualMachineErrorIsRethrown() {
		GrokEventListener listener = GrokEventListener.failSafe((event) -> sneak(new OutOfMemoryError("simulated")));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> listener.onEvent(this.event));
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	@Test
	void missingListenersLogNothing(CapturedOutput output) {
		GrokEventListener.composite(List.of()).onEvent(this.event);
		GrokEventListener.none().onEvent(this.event);
		assertThat(output).isEmpty();
	}

}
