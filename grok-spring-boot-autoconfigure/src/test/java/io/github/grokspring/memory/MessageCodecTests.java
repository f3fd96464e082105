package io.github.grokspring.memory;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MessageCodec}.
 */
class MessageCodecTests {

	private final MessageCodec codec = MessageCodec.json();

	@ParameterizedTest
	@MethodSource("messages")
	void messageSurvivesRoundTrip(Message message) {
		Message read = this.codec.read(this.codec.write(message));
		assertThat(read).isEqualTo(message).hasSameClassAs(message);
		assertThat(read.getMetadata()).isEqualTo(message.getMetadata());
		assertThat(this.codec.write(read)).isEqualTo(this.codec.write(message));
	}

	static Stream<Message> messages() {
		return Stream.of(new SystemMessage("Be brief"),
				new UserMessage("\u00e4 \u4e16 \ud83d\ude00 \u0000 \"\\ \u2028\r\n"),
				UserMessage.builder().text("hi").metadata(Map.of("user", "u-1")).build(), new AssistantMessage(null),
				new AssistantMessage(""),
				AssistantMessage.builder()
					.content("Let me see")
					.toolCalls(List.of(new AssistantMessage.ToolCall("c-1", "function", "now", "{}"),
							new AssistantMessage.ToolCall("", "function", "then", "")))
					.properties(Map.of("grok.reasoning-items", List.of("{ \"a\":\"\\u00e4\\/\" }", "message"), "n", 7,
							"l", 1L << 40, "d", 0.1, "yes", true, "map", Map.of("x", List.of(1, "2"))))
					.build(),
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("c-1", "now", "\"12:00\""),
							new ToolResponseMessage.ToolResponse("c-2", "then", "")))
					.metadata(Map.of("a", "b"))
					.build());
	}

	@Test
	void mediaSurviveRoundTrip() {
		UserMessage message = UserMessage.builder()
			.text("Look")
			.media(Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(new byte[] { 0, -1, 2 }).name("a").build(),
					Media.builder()
						.mimeType(MimeTypeUtils.IMAGE_JPEG)
						.data(URI.create("https://example.com/a.jpg"))
						.id("file-1")
						.build())
			.build();
		List<Media> media = ((UserMessage) this.codec.read(this.codec.write(message))).getMedia();
		assertThat(media).hasSize(2);
		assertThat(media.get(0).getData()).isEqualTo(new byte[] { 0, -1, 2 });
		assertThat(media.get(0).getMimeType()).isEqualTo(MimeTypeUtils.IMAGE_PNG);
		assertThat(media.get(0).getName()).isEqualTo("a");
		assertThat(media.get(0).getId()).isNull();
		assertThat(media.get(1).getData()).isEqualTo("https://example.com/a.jpg");
		assertThat(media.get(1).getId()).isEqualTo("file-1");
	}

	@Test
	void jsonIsAscii() {
		assertThat(this.codec.write(new UserMessage("\u00e4 \u4e16 \ud83d\ude00 \u0000"))).isPrintable()
			.satisfies((text) -> assertThat(text.chars()).allMatch((c) -> c < 127));
	}

	@Test
	void metadataThatIsNotJsonIsOmitted() {
		Message message = AssistantMessage.builder()
			.content("x")
			.properties(Map.of("kept", "yes", "object", new Object(), "list", List.of(new Object())))
			.build();
		assertThat(this.codec.read(this.codec.write(message)).getMetadata()).containsEntry("kept", "yes")
			.doesNotContainKeys("object", "list");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "secret", "{\"type\":\"secret\"}", "[\"secret\"]", "null",
			"{\"type\":\"user\",\"metadata\":\"secret\"}", "{\"type\":\"user\",\"media\":[{\"bytes\":\"secret\"}]}" })
	void invalidTextIsRejectedWithoutExposingIt(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.read(text))
			.withMessageContaining("cannot be read")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

}
