package io.github.grokspring.budget;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Set of limited size that evicts the oldest entry. Operations take constant time.
 * Thread-safe.
 *
 * @param <T> the type of the entries
 */
final class RecentEntries<T> {

	private final int capacity;

	private final Set<T> entries = new LinkedHashSet<>();

	/**
	 * Not a monitor, because that would pin virtual threads before Java 24.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean empty = true;

	RecentEntries(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Adds an entry.
	 * @return whether it is new
	 */
	boolean add(T entry) {
		this.lock.lock();
		try {
			if (!this.entries.add(entry)) {
				return false;
			}
			if (this.entries.size() > this.capacity) {
				Iterator<T> oldest = this.entries.iterator();
				oldest.next();
				oldest.remove();
			}
			this.empty = false;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	void remove(T entry) {
		if (this.empty) {
			return;
		}
		this.lock.lock();
		try {
			this.entries.remove(entry);
			this.empty = this.entries.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean contains(T entry) {
		if (this.empty) {
			return false;
		}
		this.lock.lock();
		try {
			return this.entries.contains(entry);
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.entries.size();
		}
		finally {
			this.lock.unlock();
		}
	}

}
