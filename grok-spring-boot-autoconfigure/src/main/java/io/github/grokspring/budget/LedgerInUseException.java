package io.github.grokspring.budget;

import java.nio.file.FileSystemException;

/**
 * Thrown when a ledger is used by another process or by another store of this process.
 *
 * @since 0.1.0
 */
public final class LedgerInUseException extends FileSystemException {

	private static final long serialVersionUID = 1L;

	LedgerInUseException(String file) {
		super(file, null, "it is in use by another process or application context");
	}

}
