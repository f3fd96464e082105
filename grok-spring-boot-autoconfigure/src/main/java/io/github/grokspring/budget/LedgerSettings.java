package io.github.grokspring.budget;

import java.nio.file.Path;

/**
 * The file in which a store notes what was spent, and how it is written.
 *
 * @param file where it is; its directory is made if it does not exist
 * @param fsync when what was written is made to reach the disk
 * @param onFailure what happens to calls while the file cannot be written
 * @since 0.1.0
 */
public record LedgerSettings(Path file, Fsync fsync, OnFailure onFailure) {

	/**
	 * When what was written is made to reach the disk. A process that is killed loses
	 * nothing either way.
	 */
	public enum Fsync {

		/**
		 * Before a settlement counts as done. Settlements at the same time share one
		 * write.
		 */
		ALWAYS,

		/**
		 * Within a second. A machine that loses power may lose that much.
		 */
		INTERVAL

	}

	/**
	 * What happens to calls while the file cannot be written.
	 */
	public enum OnFailure {

		/**
		 * They are refused, so that nothing is spent that is not noted.
		 */
		REFUSE,

		/**
		 * They go on, counted in memory. What is not written when the process ends is
		 * lost.
		 */
		CONTINUE

	}

}
