package io.github.grokspring.budget;

import java.nio.file.Path;

/**
 * Settings of a ledger file.
 *
 * @param file the file, whose directory is created if necessary
 * @param fsync when settlements are flushed to disk
 * @param onFailure the behavior while the file cannot be written
 * @since 0.1.0
 */
public record LedgerSettings(Path file, Fsync fsync, OnFailure onFailure) {

	/**
	 * When settlements are flushed to disk. Killing the process loses nothing in either
	 * case.
	 */
	public enum Fsync {

		/**
		 * Before a settlement counts. Concurrent settlements share one flush.
		 */
		ALWAYS,

		/**
		 * Within a second. A power failure can lose the settlements of that second.
		 */
		INTERVAL

	}

	/**
	 * Behavior while the file cannot be written.
	 */
	public enum OnFailure {

		/**
		 * Calls are rejected, so that no cost is unrecorded.
		 */
		REFUSE,

		/**
		 * Calls continue and are counted in memory. Records that are not written before
		 * the process ends are lost.
		 */
		CONTINUE

	}

}
