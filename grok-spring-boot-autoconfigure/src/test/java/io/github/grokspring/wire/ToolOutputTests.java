package io.github.grokspring.wire;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.content.Media;
import org.springframework.ai.tool.execution.DefaultToolCallResultConverter;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ToolOutput}.
 */
class ToolOutputTests {

	@Test
	void serializedImageIsImage() {
		ToolOutput output = ToolOutput.of(converted(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)));
		assertThat(output.text()).isEmpty();
		assertThat(output.images()).singleElement().asString().startsWith("data:image/png;base64,iVBOR");
	}

	@Test
	void serializedMediaAreImages() {
		Media image = Media.builder()
			.mimeType(MimeTypeUtils.IMAGE_PNG)
			.data("hello!".getBytes(StandardCharsets.UTF_8))
			.build();
		assertThat(ToolOutput.of(converted(image)))
			.isEqualTo(new ToolOutput("", List.of("data:image/png;base64,aGVsbG8h")));
		assertThat(ToolOutput.of(converted(List.of(image, image))).images()).hasSize(2);
	}

	@Test
	void jpegAndLinksAreNormalized() {
		assertThat(ToolOutput.of("{\"mimeType\":\"image/jpg\",\"data\":\"aGVsbG8h\"}").images())
			.containsExactly("data:image/jpeg;base64,aGVsbG8h");
		assertThat(ToolOutput.of("{\"mimeType\":\"image/png\",\"data\":\"https://example.com/a.png\"}").images())
			.containsExactly("https://example.com/a.png");
	}

	@Test
	void otherFieldsRemainText() {
		assertThat(ToolOutput.of("{\"mimeType\":\"image/png\",\"data\":\"aGVsbG8h\",\"caption\":\"A ring\"}"))
			.isEqualTo(new ToolOutput("{\"caption\":\"A ring\"}", List.of("data:image/png;base64,aGVsbG8h")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "{}", "[]", "{\"mimeType\":\"text/plain\",\"data\":\"aGVsbG8h\"}",
			"{\"mimeType\":\"image/png\",\"data\":\"see the attachment\"}",
			"{\"mimeType\":\"image/png\",\"data\":\"\"}", "{\"mimeType\":\"image/png\",\"data\":[1]}",
			"{\"mimeType\":\"image/\",\"data\":\"aGVsbG8h\"}", "not JSON: \"mimeType\" \"data\"",
			"[{\"mimeType\":\"image/png\",\"data\":\"aGVsbG8h\"},\"text\"]",
			"{\"picture\":{\"mimeType\":\"image/png\",\"data\":\"aGVsbG8h\"}}" })
	void otherOutputIsText(String output) {
		assertThat(ToolOutput.of(output)).isEqualTo(new ToolOutput(output, List.of()));
	}

	private static String converted(Object result) {
		return new DefaultToolCallResultConverter().convert(result, result.getClass());
	}

}
