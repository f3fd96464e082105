package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Server-side tool that generates images.
 *
 * @param action {@code auto}, {@code generate} or {@code edit}, or {@code null} for the
 * default of xAI
 * @since 0.1.0
 */
public record ImageGeneration(@Nullable String action) implements ServerTool {

	/**
	 * Creates a new {@code ImageGeneration} instance.
	 * @throws IllegalArgumentException if the action is none of the supported values
	 */
	public ImageGeneration {
		if (action != null && !List.of("auto", "generate", "edit").contains(action)) {
			throw new IllegalArgumentException("'action' is '" + action + "' but must be one of auto, generate, edit");
		}
	}

	/**
	 * Returns a copy of this tool with a different action.
	 * @param action {@code auto}, {@code generate} or {@code edit}
	 * @return a new tool
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
