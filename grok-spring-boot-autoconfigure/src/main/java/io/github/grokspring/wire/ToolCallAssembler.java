package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * Assembles the tool calls of a choice. xAI sends them whole; compatible servers send
 * fragments and identify them in different ways.
 * <p>
 * A fragment with an index belongs to the call with the same id at that index, or else to
 * the latest call there. Without an index, it belongs to the call with the same id, or
 * else to the latest call. It starts a new call if it has a name and either a different
 * id or follows complete arguments.
 * <p>
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ToolCallAssembler {

	private static final int NO_INDEX = -1;

	// Approximate overhead of a call in bytes
	private static final int CALL_SIZE = 128;

	// Ordered by index
	private final List<Call> calls = new ArrayList<>(0);

	private @Nullable Call newest;

	private long size;

	/**
	 * Adds the complete calls of a message.
	 * @param calls the elements of {@code tool_calls}
	 */
	public void addMessage(List<?> calls) {
		boolean separate = this.calls.isEmpty();
		boolean sibling = false;
		for (Object call : calls) {
			if (call instanceof Map<?, ?> fields) {
				Fragment fragment = Fragment.of(fields);
				if (separate) {
					addTo(startCall(fragment.index()), fragment);
				}
				else {
					add(fragment, sibling);
				}
				sibling = true;
			}
		}
	}

	/**
	 * Adds the fragments of a chunk.
	 * @param fragments the elements of {@code tool_calls}
	 */
	public void addDelta(List<?> fragments) {
		boolean sibling = false;
		for (Object fragment : fragments) {
			if (fragment instanceof Map<?, ?> fields) {
				add(Fragment.of(fields), sibling);
				sibling = true;
			}
		}
	}

	private void add(Fragment fragment, boolean sibling) {
		if (fragment.isEmpty()) {
			return;
		}
		Call call = find(fragment);
		boolean separateSibling = sibling && fragment.index() == NO_INDEX && !fragment.name().isEmpty()
				&& (call == null || fragment.id().isEmpty() || !fragment.id().equals(call.id));
		if (call == null || separateSibling || call.isFollowedBy(fragment)) {
			call = startCall(fragment.index());
		}
		addTo(call, fragment);
	}

	private void addTo(Call call, Fragment fragment) {
		long before = call.arguments.sizeInBytes();
		call.add(fragment);
		this.size += call.arguments.sizeInBytes() - before + fragment.name().length();
	}

	/**
	 * Returns the approximate memory used by the calls.
	 * @return the size in bytes
	 */
	public long sizeInBytes() {
		return this.size;
	}

	/**
	 * Whether there is a call with a name. Others cannot be executed.
	 * @return whether {@link #toolCalls()} is not empty
	 */
	public boolean hasToolCalls() {
		for (Call call : this.calls) {
			if (!call.name.isEmpty()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the calls that have a name, ordered by index.
	 * @return the tool calls
	 */
	public List<AssistantMessage.ToolCall> toolCalls() {
		return this.calls.stream().filter((call) -> !call.name.isEmpty()).map(Call::toolCall).toList();
	}

	private @Nullable Call find(Fragment fragment) {
		Call found = (fragment.index() == NO_INDEX) ? this.newest : null;
		for (Call call : this.calls) {
			if (fragment.index() == NO_INDEX || fragment.index() == call.index) {
				if (!fragment.id().isEmpty() && fragment.id().equals(call.id)) {
					return call;
				}
				found = (fragment.index() == NO_INDEX) ? found : call;
			}
		}
		return found;
	}

	private Call startCall(int index) {
		Call last = this.calls.isEmpty() ? null : this.calls.get(this.calls.size() - 1);
		this.size += CALL_SIZE;
		Call call = new Call((index != NO_INDEX) ? index : (last != null) ? last.index : 0);
		int position = this.calls.size();
		while (position > 0 && this.calls.get(position - 1).index > call.index) {
			position--;
		}
		this.calls.add(position, call);
		this.newest = call;
		return call;
	}

	/**
	 * Fragment of a call.
	 *
	 * @param index the index, or {@link #NO_INDEX}
	 * @param id the id, may be empty
	 * @param name the name or a part of it, may be empty
	 * @param arguments a part of the arguments, or all of them as JSON
	 * @param complete whether the arguments were JSON rather than text
	 */
	private record Fragment(int index, String id, String name, String arguments, boolean complete) {

		private static Fragment of(Map<?, ?> call) {
			Map<?, ?> function = (call.get("function") instanceof Map<?, ?> fields) ? fields : Map.of();
			Object arguments = function.get("arguments");
			return new Fragment(JsonValues.toPosition(call.get("index")), text(call.get("id")),
					text(function.get("name")), JsonValues.toArgumentsText(arguments),
					arguments != null && !(arguments instanceof String));
		}

		private static String text(@Nullable Object value) {
			return (value instanceof String || value instanceof Number) ? value.toString() : "";
		}

		private boolean isEmpty() {
			return this.id.isEmpty() && this.name.isEmpty() && this.arguments.isEmpty();
		}

	}

	private static final class Call {

		private final int index;

		private String id = "";

		private String name = "";

		private TextAccumulator arguments = new TextAccumulator();

		private boolean complete;

		private Call(int index) {
			this.index = index;
		}

		private boolean isFollowedBy(Fragment fragment) {
			if (fragment.name().isEmpty()) {
				return false;
			}
			boolean sameId = fragment.id().equals(this.id);
			if (!fragment.id().isEmpty() && !this.id.isEmpty() && !sameId) {
				return true;
			}
			boolean anotherName = !fragment.name().equals(this.name);
			boolean moreArguments = !fragment.arguments().isBlank() && !(sameId && !this.id.isEmpty());
			return (anotherName || moreArguments) && hasCompleteArguments();
		}

		private boolean hasCompleteArguments() {
			return this.complete || JsonValues.isObject(this.arguments.toString());
		}

		private void add(Fragment fragment) {
			if (!fragment.id().isEmpty()) {
				this.id = fragment.id();
			}
			if (this.name.isEmpty()) {
				this.name = fragment.name();
			}
			else if (!fragment.name().equals(this.name)) {
				this.name += fragment.name();
			}
			if (fragment.complete()) {
				this.complete = true;
				this.arguments = new TextAccumulator();
			}
			this.arguments.append(fragment.arguments());
		}

		private AssistantMessage.ToolCall toolCall() {
			String text = this.arguments.toString();
			return new AssistantMessage.ToolCall(this.id, "function", this.name, text.isBlank() ? "{}" : text);
		}

	}

}
