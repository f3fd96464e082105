package io.github.grokspring.test;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaSamplerTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					{"type":"string"}                                    | "value"
					{"type":"string","enum":["a","b"]}                   | "a"
					{"const":7}                                          | 7
					{"type":"integer","minimum":5}                       | 5
					{"type":"integer","maximum":-3}                      | -3
					{"type":"number","minimum":0,"maximum":1}            | 1.0
					{"type":"boolean"}                                   | true
					{"type":["string","null"]}                           | "value"
					{"anyOf":[{"type":"null"},{"type":"integer"}]}       | 1
					{"type":"array","items":{"type":"integer"}}          | [1]
					{"type":"array","items":{"type":"integer"},"minItems":2} | [1,1]
					{"type":"string","format":"date"}                    | "2026-11-01"
					{"type":"string","minLength":8}                      | "value..."
					{"type":"string","maxLength":2}                      | "va"
					{"properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"type":"boolean"}}} | {"a":true}
					{"allOf":[{"type":"object","properties":{"a":{"type":"boolean"}}}],"properties":{"b":{"type":"integer"}}} | {"a":true,"b":1}
					""")
	void satisfies(String schema, String value) {
		assertThat(SchemaSampler.of(TestClient.json(schema))).hasToString(value);
	}

	@Test
	void endsInRecursiveSchemas() {
		JsonNode schema = TestClient.json("""
				{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"name":{"type":"string"},
				"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},
				"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["name","next","children"]}}}
				""");
		String sample = SchemaSampler.of(schema).toString();
		assertThat(sample).contains("\"next\":null", "\"children\":[]").hasSizeLessThan(20_000);
	}

}
