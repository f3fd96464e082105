package io.github.grokspring.sample;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Makes the mock of xAI simulate a fault.
 */
@RestController
@RequestMapping("/api/fault")
@Profile(ApiKeyProfileSelector.OFFLINE)
class FaultController {

	private final MockResponses mock;

	FaultController(MockResponses rehearsal) {
		this.mock = rehearsal;
	}

	@GetMapping
	CurrentFault fault() {
		return new CurrentFault(this.mock.fault().id());
	}

	@PutMapping
	CurrentFault fault(@RequestBody CurrentFault wanted) {
		Fault fault = Arrays.stream(Fault.values())
			.filter((candidate) -> candidate.id().equals(wanted.fault()))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST, "There is no fault with that name. "
					+ "The faults are " + Arrays.stream(Fault.values()).map(Fault::id).toList()));
		this.mock.script(fault);
		return fault();
	}

	/**
	 * The simulated fault.
	 *
	 * @param fault ID of a {@link Fault}
	 */
	record CurrentFault(@Nullable String fault) {

	}

}
