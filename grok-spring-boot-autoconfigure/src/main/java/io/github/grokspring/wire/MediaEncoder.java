package io.github.grokspring.wire;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.content.Media;
import org.springframework.util.MimeType;

/**
 * Encodes media for requests as links, data URLs or text.
 *
 * @since 0.1.0
 */
public final class MediaEncoder {

	private static final String JPG = "data:image/jpg";

	// Could close the tag around a text file or open another one
	private static final Pattern FILE_TAG = Pattern.compile("<(?=\\s*/?\\s*file\\b)", Pattern.CASE_INSENSITIVE);

	private MediaEncoder() {
	}

	/**
	 * Returns the URL of a medium.
	 * @param media the medium
	 * @return its link, or a data URL with its content
	 */
	public static String toUrl(Media media) {
		if (media.getData() instanceof byte[] bytes) {
			return dataUrl(media, Base64.getEncoder().encodeToString(bytes));
		}
		String data = media.getData().toString();
		if (isLink(media)) {
			return data;
		}
		if (data.startsWith("data:")) {
			return data.regionMatches(true, 0, JPG, 0, JPG.length()) ? "data:image/jpeg" + data.substring(JPG.length())
					: data;
		}
		return dataUrl(media, isBase64(data) ? data
				: Base64.getEncoder().encodeToString(data.getBytes(charset(media.getMimeType()))));
	}

	private static String dataUrl(Media media, String base64) {
		return "data:" + type(media.getMimeType()) + ";base64," + base64;
	}

	// xAI accepts JPEG only under its registered name
	private static String type(MimeType type) {
		boolean jpg = "image".equals(type.getType()) && "jpg".equals(type.getSubtype());
		return jpg ? "image/jpeg" : type.toString();
	}

	/**
	 * Whether a string looks like Base64, without decoding it.
	 */
	static boolean isBase64(String text) {
		int characters = 0;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			boolean digit = character < 128 && (Character.isLetterOrDigit(character) || character == '+'
					|| character == '/' || character == '=');
			if (digit) {
				characters++;
			}
			else if (character != '\r' && character != '\n') {
				return false;
			}
		}
		return characters > 0 && characters % 4 == 0;
	}

	/**
	 * Whether the data of a medium is a link.
	 * @param media the medium
	 * @return {@code true} for HTTP and HTTPS URLs
	 */
	public static boolean isLink(Media media) {
		String text = (media.getData() instanceof byte[]) ? "" : media.getData().toString();
		return text.startsWith("http://") || text.startsWith("https://");
	}

	/**
	 * Whether a medium is an image.
	 * @param media the medium
	 * @return {@code true} if it is an image
	 */
	public static boolean isImage(Media media) {
		return "image".equals(media.getMimeType().getType());
	}

	/**
	 * Encodes a text file as part of the message text.
	 * @param media the medium
	 * @return the content in a tag with the file name, which the content cannot close, or
	 * {@code null} if the medium is not text
	 */
	public static @Nullable String encodeTextFile(Media media) {
		String text = textOf(media);
		if (text == null) {
			return null;
		}
		String name = media.getName().replaceAll("[\"<>\\p{Cntrl}]", "_");
		return "<file name=\"%s\" type=\"%s\">%n%s%n</file>".formatted(name, media.getMimeType(),
				FILE_TAG.matcher(text).replaceAll("&lt;"));
	}

	private static @Nullable String textOf(Media media) {
		if (!"text".equals(media.getMimeType().getType())) {
			return null;
		}
		if (media.getData() instanceof byte[] bytes) {
			return new String(bytes, charset(media.getMimeType()));
		}
		String text = media.getData().toString();
		return (isLink(media) || text.startsWith("data:")) ? null : text;
	}

	private static Charset charset(MimeType type) {
		return (type.getCharset() != null) ? type.getCharset() : StandardCharsets.UTF_8;
	}

}
