package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.util.MimeType;

/**
 * Result of an application tool. Spring AI serializes images as JSON with
 * {@code mimeType} and Base64 {@code data}. They are sent as images, not as text that the
 * model would have to read and that would be billed.
 *
 * @param text the text, empty if there are only images
 * @param images the links or data URLs of the images
 * @since 0.1.0
 */
public record ToolOutput(String text, List<String> images) {

	private static final String TYPE = "mimeType";

	private static final String DATA = "data";

	private static final String IMAGE = "image/";

	/**
	 * Reads the result of a tool.
	 * @param response the result as serialized by Spring AI
	 * @return the text and images
	 */
	public static ToolOutput of(String response) {
		if (!response.contains("\"" + TYPE + "\"") || !response.contains("\"" + DATA + "\"")) {
			return new ToolOutput(response, List.of());
		}
		try {
			ToolOutput images = readImages(JsonMapper.shared().readTree(response));
			return (images != null) ? images : new ToolOutput(response, List.of());
		}
		catch (JacksonException ex) {
			// Only looks like JSON
			return new ToolOutput(response, List.of());
		}
	}

	/**
	 * Moves the images of tool results to user messages after the tool messages, for
	 * endpoints that support only text in tool results.
	 * @param messages the messages of a prompt
	 * @return the same list if there are no images
	 */
	public static List<Message> moveImagesToUserMessages(List<Message> messages) {
		if (!containsToolResponses(messages)) {
			return messages;
		}
		List<Message> result = new ArrayList<>(messages.size() + 1);
		List<Media> images = new ArrayList<>();
		boolean changed = false;
		for (Message message : messages) {
			if (!(message instanceof ToolResponseMessage tools)) {
				addImages(images, result);
				result.add(message);
				continue;
			}
			int count = images.size();
			List<ToolResponseMessage.ToolResponse> responses = tools.getResponses()
				.stream()
				.map((response) -> withoutImages(response, images))
				.toList();
			changed |= images.size() > count;
			result.add((images.size() > count)
					? ToolResponseMessage.builder().responses(responses).metadata(tools.getMetadata()).build() : tools);
		}
		addImages(images, result);
		return changed ? result : messages;
	}

	private static boolean containsToolResponses(List<Message> messages) {
		for (Message message : messages) {
			if (message instanceof ToolResponseMessage) {
				return true;
			}
		}
		return false;
	}

	private static ToolResponseMessage.ToolResponse withoutImages(ToolResponseMessage.ToolResponse response,
			List<Media> images) {
		ToolOutput output = (response.responseData() != null) ? of(response.responseData()) : null;
		if (output == null || output.images.isEmpty()) {
			return response;
		}
		output.images
			.forEach((url) -> images.add(Media.builder().mimeType(new MimeType("image", "*")).data(url).build()));
		String text = output.text.isEmpty() ? "The picture follows in the next message." : output.text;
		return new ToolResponseMessage.ToolResponse(response.id(), response.name(), text);
	}

	private static void addImages(List<Media> images, List<Message> messages) {
		if (!images.isEmpty()) {
			messages.add(UserMessage.builder()
				.text("Pictures that the tools returned, in the order of their responses:")
				.media(List.copyOf(images))
				.build());
			images.clear();
		}
	}

	private static @Nullable ToolOutput readImages(JsonNode json) {
		List<String> images = new ArrayList<>();
		List<String> texts = new ArrayList<>();
		for (JsonNode element : json.isArray() ? json : List.of(json)) {
			String image = imageUrl(element);
			if (image == null) {
				return null;
			}
			images.add(image);
			String rest = remainingFields(element);
			if (!rest.isEmpty()) {
				texts.add(rest);
			}
		}
		return images.isEmpty() ? null : new ToolOutput(String.join("\n", texts), List.copyOf(images));
	}

	private static @Nullable String imageUrl(JsonNode json) {
		String type = type(json.path(TYPE));
		String data = json.path(DATA).stringValue("");
		if (!type.matches("image/[a-zA-Z0-9.+-]+")) {
			return null;
		}
		boolean link = data.startsWith("https://") || data.startsWith("http://") || data.startsWith("data:image/");
		if (!link && !MediaEncoder.isBase64(data)) {
			return null;
		}
		MimeType image = new MimeType("image", type.substring(IMAGE.length()));
		return MediaEncoder.toUrl(Media.builder().mimeType(image).data(data).build());
	}

	// Either a string or a serialized MimeType
	private static String type(JsonNode type) {
		if (type.isObject()) {
			return type.path("type").stringValue("") + "/" + type.path("subtype").stringValue("");
		}
		String text = type.stringValue("").strip();
		int parameters = text.indexOf(';');
		return (parameters >= 0) ? text.substring(0, parameters).strip() : text;
	}

	private static String remainingFields(JsonNode json) {
		Map<String, JsonNode> rest = new LinkedHashMap<>();
		json.forEachEntry((name, value) -> {
			boolean mediaField = name.equals(TYPE) || name.startsWith(DATA) || value.isNull();
			// Generated by Spring AI if the medium has no name
			boolean generated = name.equals("id")
					|| (name.equals("name") && value.stringValue("").startsWith("media-"));
			if (!mediaField && !generated) {
				rest.put(name, value);
			}
		});
		return rest.isEmpty() ? "" : JsonMapper.shared().writeValueAsString(rest);
	}

}
