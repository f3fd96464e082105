package io.github.grokspring.budget;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ledger file that is only appended to or replaced as a whole. Uses streams, because an
 * interrupted thread would close a channel for all threads.
 * <p>
 * {@code append} and {@code replace} must be called by one thread at a time. {@code sync}
 * is thread-safe.
 */
final class LedgerFile implements Closeable {

	private static final Log logger = LogFactory.getLog(LedgerFile.class);

	/**
	 * Paths that this process has open. Checked before a lock file is opened, because on
	 * POSIX systems closing a file releases all locks of the process on it.
	 */
	private static final Set<Path> OPEN_PATHS = ConcurrentHashMap.newKeySet();

	/**
	 * File keys of the same files, which hard links share.
	 */
	private static final Set<Object> OPEN_FILE_KEYS = ConcurrentHashMap.newKeySet();

	private static final int MAX_LINKS = 40;

	/**
	 * A position after the end of every ledger, so that the lock does not prevent reads.
	 */
	private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

	private final Path file;

	private final Opener opener;

	private final FileChannel lockFile;

	private final FileLock lock;

	/**
	 * Not a monitor, because that would pin virtual threads before Java 24.
	 */
	private final ReentrantLock syncLock = new ReentrantLock();

	/**
	 * Number of records handed to the operating system.
	 */
	private volatile long written;

	/**
	 * Number of records on disk. Guarded by {@link #syncLock}.
	 */
	private long synced;

	private FileOutputStream stream;

	/**
	 * Key of the open file, or {@code null} if the file system has none.
	 */
	private @Nullable Object fileKey;

	private int records;

	private LedgerFile(Path file, Opener opener, FileChannel lockFile, FileLock lock, FileOutputStream stream) {
		this.file = file;
		this.opener = opener;
		this.lockFile = lockFile;
		this.lock = lock;
		this.stream = stream;
	}

	/**
	 * Opens a ledger exclusively.
	 * @param file the file
	 * @param opener opens files for appending
	 * @param reader receives the content
	 * @return the ledger
	 * @throws LedgerInUseException if the file is already open
	 * @throws IOException if the file is damaged or cannot be read or written
	 */
	static LedgerFile open(Path file, Opener opener, Consumer<List<LedgerRecord>> reader) throws IOException {
		Path real = realPath(file);
		if (!OPEN_PATHS.add(real)) {
			throw new LedgerInUseException(real.toString());
		}
		try {
			return openExclusively(real, opener, reader);
		}
		catch (Throwable ex) {
			OPEN_PATHS.remove(real);
			throw ex;
		}
	}

	private static LedgerFile openExclusively(Path file, Opener opener, Consumer<List<LedgerRecord>> reader)
			throws IOException {
		// A separate file, because the ledger can be replaced.
		FileChannel lockFile = FileChannel.open(sibling(file, ".lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE);
		try {
			FileLock lock = lock(file, lockFile);
			if (Files.exists(file) && OPEN_FILE_KEYS.contains(fileKey(file))) {
				throw new LedgerInUseException(file.toString());
			}
			LedgerContent content = LedgerContent.read(file);
			reader.accept(content.records());
			FileOutputStream stream = opener.open(file);
			LedgerFile ledger = new LedgerFile(file, opener, lockFile, lock, stream);
			try {
				ledger.lockStream();
				ledger.repair(content);
			}
			catch (Throwable ex) {
				ledger.unregister();
				stream.close();
				throw ex;
			}
			return ledger;
		}
		catch (Throwable ex) {
			lockFile.close();
			throw ex;
		}
	}

	/**
	 * Returns the real path of the file and creates its directory.
	 */
	private static Path realPath(Path file) throws IOException {
		Path path = file.toAbsolutePath();
		for (int links = 0; Files.isSymbolicLink(path); links++) {
			if (links == MAX_LINKS) {
				throw new FileSystemLoopException(file.toString());
			}
			path = path.resolveSibling(Files.readSymbolicLink(path));
		}
		Path directory = path.getParent();
		if (directory == null) {
			return path;
		}
		Files.createDirectories(directory);
		return Files.exists(path) ? path.toRealPath() : directory.toRealPath().resolve(path.getFileName());
	}

	private static FileLock lock(Path file, FileChannel lockFile) throws IOException {
		@Nullable FileLock lock;
		try {
			lock = lockFile.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			lock = null;
		}
		if (lock == null) {
			throw new LedgerInUseException(file.toString());
		}
		return lock;
	}

	/**
	 * Locks the file itself, regardless of the name by which others open it.
	 */
	private void lockStream() throws IOException {
		@Nullable FileLock own;
		try {
			own = this.stream.getChannel().tryLock(LOCK_POSITION, 1, false);
		}
		catch (OverlappingFileLockException ex) {
			own = null;
		}
		if (own == null) {
			throw new LedgerInUseException(this.file.toString());
		}
		Object identity = fileKey(this.file);
		OPEN_FILE_KEYS.add(identity);
		this.fileKey = identity;
	}

	private void unregister() {
		if (this.fileKey != null) {
			OPEN_FILE_KEYS.remove(this.fileKey);
			this.fileKey = null;
		}
	}

	/**
	 * Returns whether the open file is still the one at the path of the ledger, that is,
	 * it was not deleted, moved or replaced.
	 * @return {@code true} if it is
	 */
	boolean isInPlace() {
		Object identity = this.fileKey;
		try {
			return identity == null || identity.equals(fileKey(this.file));
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		catch (IOException ex) {
			logger.debug("The ledger '" + this.file + "' could not be looked at", ex);
			return false;
		}
	}

	private static Object fileKey(Path file) throws IOException {
		Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
		// Windows has no such keys and does not delete open files.
		return (key != null) ? key : file;
	}

	private void repair(LedgerContent content) throws IOException {
		this.records = content.records().size();
		if (content.discardedAtEnd() > 0) {
			logger.warn(String.format(Locale.ROOT,
					"The last %d bytes of the ledger '%s' were cut off: the process or the machine"
							+ " that wrote them stopped before they had reached the disk",
					content.discardedAtEnd(), this.file));
			this.stream.getChannel().truncate(content.length());
		}
		if (content.discardedWithin() > 0) {
			logger.warn(String.format(Locale.ROOT,
					"%d bytes within the last block of the ledger '%s' were cut out: the machine that wrote them"
							+ " stopped before they had reached the disk, and what they said is lost",
					content.discardedWithin(), this.file));
			replace(content.records());
		}
		if (content.length() == 0) {
			this.stream.write(LedgerContent.HEADER);
		}
		this.stream.getFD().sync();
		syncDirectory();
	}

	Path file() {
		return this.file;
	}

	int records() {
		return this.records;
	}

	/**
	 * Appends a record. It is not lost if the process is killed afterwards.
	 * @param record the record
	 * @return a number for {@link #sync(long)}
	 * @throws IOException if the record could not be written completely
	 */
	long append(LedgerRecord record) throws IOException {
		this.stream.write(record.line());
		this.records++;
		this.written = this.written + 1;
		return this.written;
	}

	/**
	 * Flushes a record to disk, together with all records before it.
	 * @param number the number returned by {@link #append(LedgerRecord)}
	 * @throws IOException if the flush failed
	 */
	void sync(long number) throws IOException {
		this.syncLock.lock();
		try {
			if (this.synced >= number) {
				return;
			}
			long reached = this.written;
			this.stream.getFD().sync();
			this.synced = reached;
		}
		finally {
			this.syncLock.unlock();
		}
	}

	/**
	 * Make everything reach the disk.
	 * @throws IOException if it could not be written
	 */
	void sync() throws IOException {
		sync(this.written);
	}

	/**
	 * Replace all records. At any moment the old ones or the new ones are in the file.
	 * @param records the new records
	 * @throws IOException if they could not be written, in which case the old ones stay
	 */
	void replace(List<LedgerRecord> records) throws IOException {
		Path fresh = sibling(this.file, ".new");
		Files.deleteIfExists(fresh);
		try (FileOutputStream next = this.opener.open(fresh)) {
			next.write(LedgerContent.HEADER);
			for (LedgerRecord record : records) {
				next.write(record.line());
			}
			next.getFD().sync();
		}
		this.syncLock.lock();
		try {
			// Windows does not move files that are open.
			this.stream.close();
			unregister();
			Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			syncDirectory();
			this.stream = this.opener.open(this.file);
			lockStream();
			this.synced = this.written;
			this.records = records.size();
		}
		finally {
			this.syncLock.unlock();
		}
	}

	private void syncDirectory() {
		Path directory = this.file.getParent();
		if (directory == null) {
			return;
		}
		try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			// Windows does not open directories, and does not need it.
			logger.debug("The directory of the ledger '" + this.file + "' was not synchronized", ex);
		}
	}

	private static Path sibling(Path file, String suffix) {
		return file.resolveSibling(file.getFileName() + suffix);
	}

	@Override
	public void close() throws IOException {
		try {
			this.syncLock.lock();
			try {
				this.stream.getFD().sync();
				this.stream.close();
			}
			finally {
				this.syncLock.unlock();
			}
		}
		finally {
			try {
				this.lock.release();
			}
			finally {
				this.lockFile.close();
				unregister();
				OPEN_PATHS.remove(this.file);
			}
		}
	}

	/**
	 * Opens files for writing.
	 */
	@FunctionalInterface
	interface Opener {

		/** The file system. */
		Opener DISK = (file) -> new FileOutputStream(file.toFile(), true);

		/**
		 * Open a file for writing at its end.
		 * @param file the file, which is made if it does not exist
		 * @return a stream
		 * @throws IOException if it cannot be opened
		 */
		FileOutputStream open(Path file) throws IOException;

	}

}
