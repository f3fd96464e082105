package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * Assembles the tool calls of one choice. xAI sends them whole, other servers of this API
 * in fragments, and not all of them agree on how fragments are told apart. Not safe for
 * use by several threads.
 * <p>
 * A fragment belongs to the call with its id at its index, else to the newest call at its
 * index; without an index it belongs to the call with its id, else to the newest call. It
 * begins a new call there if it has a name and either another id, or follows arguments
 * that are complete.
 *
 * @since 0.1.0
 */
public final class ToolCallAssembler {

	/**
	 * The index of a fragment that has none, as {@link JsonValues#toPosition} returns it.
	 */
	private static final int NO_INDEX = -1;

	/** About what a call takes beside its texts. */
	private static final int CALL_SIZE = 128;

	/** In the order of their indexes. */
	private final List<Call> calls = new ArrayList<>(0);

	private @Nullable Call newest;

	private long size;

	/**
	 * Adds the calls of a message, each of which is complete.
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
	 * How much memory the calls take.
	 * @return the size in bytes
	 */
	public long sizeInBytes() {
		return this.size;
	}

	/**
	 * Whether there is a call that has a name. Others cannot be executed.
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
	 * Returns the calls so far, without those that have no name.
	 * @return the calls in the order of their indexes
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
	 * What one chunk says of a call.
	 *
	 * @param index the index, or {@link #NO_INDEX}
	 * @param id the id, may be empty
	 * @param name the name or a piece of it, may be empty
	 * @param arguments a piece of the arguments, or all of them as JSON
	 * @param complete whether the arguments came as JSON rather than as a text
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
