package io.github.grokspring.tool;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerTool}.
 */
class ServerToolTests {

	@Test
	void whatIsNotSetIsNotSent() {
		assertThat(ServerTool.webSearch().fields()).isEqualTo(Map.of("type", "web_search"));
		assertThat(ServerTool.xSearch().fields()).isEqualTo(Map.of("type", "x_search"));
		assertThat(ServerTool.codeInterpreter().fields()).isEqualTo(Map.of("type", "code_interpreter"));
		assertThat(ServerTool.imageGeneration().fields()).isEqualTo(Map.of("type", "image_generation"));
	}

	@Test
	void everySettingHasItsField() {
		assertThat(new WebSearch(List.of("a.com"), List.of(), true, false).fields())
			.isEqualTo(Map.of("type", "web_search", "allowed_domains", List.of("a.com"), "enable_image_understanding",
					true, "enable_image_search", false));
		assertThat(ServerTool.webSearch().withAllowedDomains("a").withExcludedDomains("b.com").fields())
			.isEqualTo(Map.of("type", "web_search", "excluded_domains", List.of("b.com")));
		assertThat(
				new XSearch(List.of("@xai", "grok"), List.of(), LocalDate.of(2026, 1, 31), null, true, true).fields())
			.isEqualTo(Map.of("type", "x_search", "allowed_x_handles", List.of("xai", "grok"), "from_date",
					"2026-01-31", "enable_image_understanding", true, "enable_video_understanding", true));
		assertThat(ServerTool.xSearch().withExcludedHandles("a").between(null, LocalDate.of(2026, 2, 1)).fields())
			.isEqualTo(Map.of("type", "x_search", "excluded_x_handles", List.of("a"), "to_date", "2026-02-01"));
		assertThat(ServerTool.fileSearch("c1", "c2").withMaxResults(3).fields())
			.isEqualTo(Map.of("type", "file_search", "vector_store_ids", List.of("c1", "c2"), "max_num_results", 3));
		assertThat(ServerTool.mcp("tickets", "https://mcp.example.com")
			.withAllowedTools("find")
			.withAuthorization("Bearer secret")
			.fields())
			.isEqualTo(Map.of("type", "mcp", "server_label", "tickets", "server_url", "https://mcp.example.com",
					"allowed_tools", List.of("find"), "authorization", "Bearer secret"));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void whatXaiWouldRefuseIsRefusedWithTheNameOfTheParameter(String parameter, Supplier<ServerTool> tool) {
		assertThatIllegalArgumentException().isThrownBy(tool::get).withMessageContaining("'" + parameter + "'");
	}

	static Stream<Arguments> refusals() {
		List<String> six = Collections.nCopies(6, "a.com");
		List<String> many = Collections.nCopies(21, "a");
		return Stream.of(refusal("allowedDomains", () -> new WebSearch(six, List.of(), null, null)),
				refusal("excludedDomains", () -> new WebSearch(List.of(), six, null, null)),
				refusal("excludedDomains", () -> new WebSearch(List.of("a"), List.of("b"), null, null)),
				refusal("allowedDomains", () -> ServerTool.webSearch().withAllowedDomains(" ")),
				refusal("allowedHandles", () -> new XSearch(many, List.of(), null, null, null, null)),
				refusal("excludedHandles", () -> new XSearch(List.of(), many, null, null, null, null)),
				refusal("allowedHandles", () -> new XSearch(List.of("a"), List.of("b"), null, null, null, null)),
				refusal("toDate",
						() -> ServerTool.xSearch().between(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 1, 31))),
				refusal("collections", () -> ServerTool.fileSearch()),
				refusal("collections",
						() -> ServerTool.fileSearch(Collections.nCopies(11, "c").toArray(String[]::new))),
				refusal("maxResults", () -> ServerTool.fileSearch("c").withMaxResults(0)),
				refusal("label", () -> ServerTool.mcp("", "https://a.b")),
				refusal("url", () -> ServerTool.mcp("a", "mcp.example.com")),
				refusal("action", () -> new ImageGeneration("paint")));
	}

	private static Arguments refusal(String parameter, Supplier<ServerTool> tool) {
		return Arguments.of(parameter, tool);
	}

	@Test
	void secretsOfAnMcpServerAreNotShown() {
		ServerTool tool = new Mcp("tickets", "https://a.b", null, List.of(), Map.of("X-Key", "secret"),
				"Bearer secret");
		assertThat(tool.toString()).contains("tickets", "X-Key").doesNotContain("secret");
	}

	@Test
	void mcpServersAreToldApartByTheirLabels() {
		assertThat(ServerTool.mcp("a", "https://a.b").key()).isNotEqualTo(ServerTool.mcp("b", "https://a.b").key());
		assertThat(ServerTool.webSearch().key()).isEqualTo(ServerTool.webSearch().withAllowedDomains("a").key());
	}

	@Test
	void everySettingHasAMethod() {
		LocalDate day = LocalDate.of(2026, 11, 30);
		assertThat(
				ServerTool.webSearch().withAllowedDomains("a.com").withImageUnderstanding(true).withImageSearch(false))
			.isEqualTo(new WebSearch(List.of("a.com"), List.of(), true, false));
		assertThat(ServerTool.xSearch()
			.withExcludedHandles("spam")
			.withFromDate(day)
			.withToDate(day)
			.withImageUnderstanding(true)
			.withVideoUnderstanding(false)).isEqualTo(new XSearch(List.of(), List.of("spam"), day, day, true, false));
		assertThat(ServerTool.fileSearch("c-1").withCollections("c-2", "c-3").withMaxResults(4))
			.isEqualTo(new FileSearch(List.of("c-2", "c-3"), 4));
		assertThat(ServerTool.mcp("tickets", "https://mcp.example.com")
			.withDescription("Tickets")
			.withAllowedTools("find")
			.withHeaders(Map.of("X-Team", "core"))
			.withAuthorization("Bearer t"))
			.isEqualTo(new Mcp("tickets", "https://mcp.example.com", "Tickets", List.of("find"),
					Map.of("X-Team", "core"), "Bearer t"));
		assertThat(ServerTool.imageGeneration().withAction("edit")).isEqualTo(new ImageGeneration("edit"));
	}

	@Test
	void aToolThatIsNotKnownIsSentAsItIsAndShowsNoValues() {
		OtherTool tool = ServerTool.other(Map.of("type", "teleport", "secret", "s3cret"));
		assertThat(tool.fields()).containsOnly(Map.entry("type", "teleport"), Map.entry("secret", "s3cret"));
		assertThat(tool.key()).isEqualTo("teleport");
		assertThat(tool.toString()).contains("teleport").doesNotContain("s3cret");
		assertThatIllegalArgumentException().isThrownBy(() -> ServerTool.other(Map.of("name", "x")))
			.withMessageContaining("'type'");
		assertThatIllegalArgumentException().isThrownBy(() -> ServerTool.other(Map.of("type", "function")))
			.withMessageContaining("ToolCallback");
	}

}
