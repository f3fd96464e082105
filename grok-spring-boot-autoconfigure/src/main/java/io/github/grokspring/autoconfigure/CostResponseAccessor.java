package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.cache.MetadataType;
import io.github.grokspring.cache.ResponseCosts;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Provides the metered cost of responses to the response cache.
 */
final class CostResponseAccessor implements ResponseCosts {

	private static final String COST = "grok.cost";

	private static final String TOKENS = "grok.tokens";

	private static final MetadataType<Cost> STORED_COST = new MetadataType<>("cost", Cost.class,
			(cost) -> Map.of("ticks", cost.ticks(), "source", cost.source().name(), "table", cost.tableTicks(),
					"estimated", cost.estimated()),
			(fields) -> new Cost(number(fields, "ticks"),
					Cost.Source.valueOf((String) Objects.requireNonNull(fields.get("source"))), number(fields, "table"),
					Boolean.TRUE.equals(fields.get("estimated"))));

	private static final MetadataType<TokenUsage> STORED_TOKENS = new MetadataType<>("tokens", TokenUsage.class,
			CostResponseAccessor::fields, CostResponseAccessor::tokens);

	@Override
	public long ticks(ChatResponse answer) {
		return (answer.getMetadata().get(COST) instanceof Cost cost) ? cost.ticks() : 0;
	}

	@Override
	public Map<String, Object> zeroCostMetadata() {
		return Map.of(COST, Cost.table(0), TOKENS, TokenUsage.NONE);
	}

	@Override
	public List<MetadataType<?>> metadataTypes() {
		return List.of(STORED_COST, STORED_TOKENS);
	}

	private static Map<String, ?> fields(TokenUsage tokens) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("input", tokens.input());
		fields.put("cached", tokens.cachedInput());
		fields.put("image", tokens.imageInput());
		fields.put("output", tokens.output());
		fields.put("reasoning", tokens.reasoning());
		fields.put("tools", tokens.serverToolCalls());
		fields.put("estimated", tokens.estimated());
		return fields;
	}

	private static TokenUsage tokens(Map<String, ?> fields) {
		Map<String, Long> tools = new LinkedHashMap<>();
		((Map<?, ?>) Objects.requireNonNull(fields.get("tools")))
			.forEach((tool, calls) -> tools.put((String) tool, (Long) calls));
		return new TokenUsage(number(fields, "input"), number(fields, "cached"), number(fields, "image"),
				number(fields, "output"), number(fields, "reasoning"), tools,
				Boolean.TRUE.equals(fields.get("estimated")));
	}

	private static long number(Map<String, ?> fields, String name) {
		return (Long) Objects.requireNonNull(fields.get(name));
	}

}
