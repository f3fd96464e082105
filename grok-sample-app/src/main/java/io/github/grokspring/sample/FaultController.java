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
 * Breaks the double of xAI on request, to see what becomes of calls then.
 */
@RestController
@RequestMapping("/api/fault")
@Profile(ProfileOfKey.OFFLINE)
class FaultController {

	private final Rehearsal rehearsal;

	FaultController(Rehearsal rehearsal) {
		this.rehearsal = rehearsal;
	}

	@GetMapping
	CurrentFault fault() {
		return new CurrentFault(this.rehearsal.fault().id());
	}

	@PutMapping
	CurrentFault fault(@RequestBody CurrentFault wanted) {
		Fault fault = Arrays.stream(Fault.values())
			.filter((candidate) -> candidate.id().equals(wanted.fault()))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST, "There is no fault of that name; "
					+ "the faults are " + Arrays.stream(Fault.values()).map(Fault::id).toList()));
		this.rehearsal.stage(fault);
		return fault();
	}

	/**
	 * What is wrong.
	 *
	 * @param fault id of a {@link Fault}
	 */
	record CurrentFault(@Nullable String fault) {

	}

}
