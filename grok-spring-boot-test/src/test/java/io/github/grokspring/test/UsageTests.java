package io.github.grokspring.test;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UsageTests {

	private final Models models = new Models();

	@ParameterizedTest
	@CsvSource({ "grok-4.3,204,192,0,1,82,2609000", "grok-4.3,10120,128,0,1499,2809,232856000",
			"grok-4.3,433,162,256,77,0,5636500", "grok-4.3,351,514,0,319,0,9003000",
			"grok-4.7,1257,1152,0,24,49,12240000", "grok-4.7,200000,0,0,0,0,8000000000",
			"grok-4.7,199999,0,0,0,0,3999980000", "grok-4.3,300000,100000,0,10,10,5401000000" })
	void calculatesCostInTicks(String model, long prompt, long cached, long image, long completion, long reasoning,
			long ticks) {
		Usage usage = new Usage(prompt, cached, image, completion, reasoning);
		assertThat(usage.costInTicks(model(model), false)).isEqualTo(ticks);
		assertThat(usage.costInTicks(model(model), true)).isEqualTo(2 * ticks);
	}

	@Test
	void splitsTextIntoTokens() {
		for (String text : List.of("", " ", "Hello big\n\n world ", "x".repeat(50), "🙂".repeat(30), "日本語".repeat(9))) {
			assertThat(String.join("", Tokens.split(text))).isEqualTo(text);
			assertThat(Tokens.split(text))
				.noneMatch((piece) -> piece.isEmpty() || Character.isLowSurrogate(piece.charAt(0)));
		}
	}

	private Model model(String id) {
		return this.models.resolve(id, XaiServer.TEAM_ID).model();
	}

}
