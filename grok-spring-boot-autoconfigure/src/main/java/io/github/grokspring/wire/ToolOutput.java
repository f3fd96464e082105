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
 * What a tool of the application returned. Spring AI writes a picture as JSON with
 * {@code mimeType} and Base64 {@code data}, which the model must see as a picture rather
 * than read, and pay for, as text.
 *
 * @param text the text, empty if there are only pictures
 * @param images the pictures as links or data URLs
 * @since 0.1.0
 */
public record ToolOutput(String text, List<String> images) {

	private static final String TYPE = "mimeType";

	private static final String DATA = "data";

	private static final String IMAGE = "image/";

	/**
	 * Reads the response of a tool.
	 * @param response what Spring AI made of the return value
	 * @return text and pictures
	 */
	public static ToolOutput of(String response) {
		if (!response.contains("\"" + TYPE + "\"") || !response.contains("\"" + DATA + "\"")) {
			return new ToolOutput(response, List.of());
		}
		try {
			ToolOutput pictures = readImages(JsonMapper.shared().readTree(response));
			return (pictures != null) ? pictures : new ToolOutput(response, List.of());
		}
		catch (JacksonException ex) {
			// A text that only looks like one
			return new ToolOutput(response, List.of());
		}
	}

	/**
	 * Moves the pictures of tools into user messages behind the responses of their turn,
	 * for an endpoint on which tools return text only.
	 * @param messages the messages of a prompt
	 * @return the same list if no tool returned a picture
	 */
	public static List<Message> moveImagesToUserMessages(List<Message> messages) {
		if (!containsToolResponses(messages)) {
			return messages;
		}
		List<Message> moved = new ArrayList<>(messages.size() + 1);
		List<Media> pictures = new ArrayList<>();
		boolean any = false;
		for (Message message : messages) {
			if (!(message instanceof ToolResponseMessage tools)) {
				addImages(pictures, moved);
				moved.add(message);
				continue;
			}
			int before = pictures.size();
			List<ToolResponseMessage.ToolResponse> responses = tools.getResponses()
				.stream()
				.map((response) -> withoutImages(response, pictures))
				.toList();
			any |= pictures.size() > before;
			moved.add((pictures.size() > before)
					? ToolResponseMessage.builder().responses(responses).metadata(tools.getMetadata()).build() : tools);
		}
		addImages(pictures, moved);
		return any ? moved : messages;
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
			List<Media> pictures) {
		ToolOutput output = (response.responseData() != null) ? of(response.responseData()) : null;
		if (output == null || output.images.isEmpty()) {
			return response;
		}
		output.images
			.forEach((url) -> pictures.add(Media.builder().mimeType(new MimeType("image", "*")).data(url).build()));
		String text = output.text.isEmpty() ? "The picture follows in the next message." : output.text;
		return new ToolResponseMessage.ToolResponse(response.id(), response.name(), text);
	}

	private static void addImages(List<Media> pictures, List<Message> messages) {
		if (!pictures.isEmpty()) {
			messages.add(UserMessage.builder()
				.text("Pictures that the tools returned, in the order of their responses:")
				.media(List.copyOf(pictures))
				.build());
			pictures.clear();
		}
	}

	private static @Nullable ToolOutput readImages(JsonNode json) {
		List<String> pictures = new ArrayList<>();
		List<String> texts = new ArrayList<>();
		for (JsonNode element : json.isArray() ? json : List.of(json)) {
			String picture = imageUrl(element);
			if (picture == null) {
				return null;
			}
			pictures.add(picture);
			String rest = remainingFields(element);
			if (!rest.isEmpty()) {
				texts.add(rest);
			}
		}
		return pictures.isEmpty() ? null : new ToolOutput(String.join("\n", texts), List.copyOf(pictures));
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

	// As a text, or as the object that Spring's MimeType becomes
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
			boolean told = name.equals(TYPE) || name.startsWith(DATA) || value.isNull();
			// Spring AI names a medium itself when nobody does
			boolean made = name.equals("id") || (name.equals("name") && value.stringValue("").startsWith("media-"));
			if (!told && !made) {
				rest.put(name, value);
			}
		});
		return rest.isEmpty() ? "" : JsonMapper.shared().writeValueAsString(rest);
	}

}
