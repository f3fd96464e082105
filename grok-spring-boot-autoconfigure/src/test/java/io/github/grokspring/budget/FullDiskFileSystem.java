package io.github.grokspring.budget;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A disk that takes as many bytes as a test allows; of a write that is too much it takes
 * the beginning, as a real one does.
 */
final class FullDiskFileSystem implements LedgerFile.Opener {

	private volatile long room = Long.MAX_VALUE;

	void hasRoomFor(long bytes) {
		this.room = bytes;
	}

	@Override
	public FileOutputStream open(Path file) throws IOException {
		return new FileOutputStream(file.toFile(), true) {

			@Override
			public void write(byte[] bytes) throws IOException {
				int length = (int) Math.min(bytes.length, FullDiskFileSystem.this.room);
				super.write(bytes, 0, length);
				FullDiskFileSystem.this.room -= length;
				if (length < bytes.length) {
					throw new IOException("No space left on device");
				}
			}

		};
	}

}
