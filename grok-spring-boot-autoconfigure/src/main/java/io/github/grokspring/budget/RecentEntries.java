package io.github.grokspring.budget;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Set of limited size. The oldest entry makes room for a new one, so that every operation
 * takes the same time however many entries there are. Safe for use by several threads.
 *
 * @param <T> the type of the entries
 */
final class RecentEntries<T> {

	private final int capacity;

	private final Set<T> entries = new LinkedHashSet<>();

	/** No monitor, in which a virtual thread would hold its carrier. */
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
