package io.github.grokspring.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.content.Media;
import org.springframework.util.MimeType;

/**
 * Media as requests carry them: as links, as data URLs, or as text.
 *
 * @since 0.1.0
 */
public final class MediaText {

	private MediaText() {
	}

	/**
	 * Where a medium is found.
	 * @param media the medium
	 * @return its link, or a data URL that holds it
	 */
	public static String url(Media media) {
		if (media.getData() instanceof byte[] bytes) {
			return "data:" + media.getMimeType() + ";base64," + Base64.getEncoder().encodeToString(bytes);
		}
		String data = media.getData().toString();
		return (isLink(media) || data.startsWith("data:")) ? data : "data:" + media.getMimeType() + ";base64," + data;
	}

	/**
	 * Whether a medium is only linked to.
	 * @param media the medium
	 * @return whether it is
	 */
	public static boolean isLink(Media media) {
		String text = (media.getData() instanceof byte[]) ? "" : media.getData().toString();
		return text.startsWith("http://") || text.startsWith("https://");
	}

	/**
	 * Whether a medium is a picture.
	 * @param media the medium
	 * @return whether it is
	 */
	public static boolean isImage(Media media) {
		return "image".equals(media.getMimeType().getType());
	}

	/**
	 * The content of a text file, which the model reads as a part of the message.
	 * @param media the medium
	 * @return the content between marks that name the file, or {@code null} if this is no
	 * text
	 */
	public static @Nullable String ofTextFile(Media media) {
		MimeType type = media.getMimeType();
		if (!"text".equals(type.getType()) || !(media.getData() instanceof byte[] bytes)) {
			return null;
		}
		return "<file name=\"%s\" type=\"%s\">%n%s%n</file>".formatted(media.getName(), type,
				new String(bytes, (type.getCharset() != null) ? type.getCharset() : StandardCharsets.UTF_8));
	}

}
