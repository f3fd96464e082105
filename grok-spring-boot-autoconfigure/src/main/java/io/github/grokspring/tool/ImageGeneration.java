package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Makes pictures.
 *
 * @param action {@code auto}, {@code generate} or {@code edit}, or {@code null}
 * @since 0.1.0
 */
public record ImageGeneration(@Nullable String action) implements ServerTool {

	/**
	 * Check the action.
	 * @throws IllegalArgumentException if xAI would refuse them, naming the parameter
	 */
	public ImageGeneration {
		if (action != null && !List.of("auto", "generate", "edit").contains(action)) {
			throw new IllegalArgumentException("'action' is '" + action + "' but must be one of auto, generate, edit");
		}
	}

	/**
	 * The same tool for one kind of work.
	 * @param action {@code auto}, {@code generate} or {@code edit}
	 * @return a tool
	 */
	public ImageGeneration withAction(String action) {
		return new ImageGeneration(action);
	}

	@Override
	public String type() {
		return "image_generation";
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).value("action", this.action).toMap();
	}

}
