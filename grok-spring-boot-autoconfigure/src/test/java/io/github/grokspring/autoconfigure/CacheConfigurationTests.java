package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.CacheStatistics;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.Citation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.NoOpCacheManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class CacheConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	private final ApplicationContextRunner cached = this.runner.withPropertyValues("grok.cache.enabled=true");

	@BeforeEach
	void reset() {
		xai.reset();
	}

	@Test
	void thereIsNoCacheUnlessItIsWanted() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(ResponseCache.class).doesNotHaveBean(ResponseStore.class);
			assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("cache");
		});
	}

	@Test
	void defaultsAreThoseOfTheReference() {
		assertThat(new Binder().bindOrCreate("grok.cache", GrokCacheProperties.class))
			.isEqualTo(new GrokCacheProperties(false, Duration.ofHours(1), 10_000, "grok-responses", null,
					GrokCacheProperties.Scope.TENANT, false, Duration.ofMillis(500)));
	}

	@ParameterizedTest
	@CsvSource({ "ttl, 0s, longer than 0", "max-entries, 0, at least 1", "timeout, -1s, longer than 0",
			"cache-name, ' ', is empty" })
	void whatCannotWorkIsRefused(String property, String value, String problem) {
		this.cached.withPropertyValues("grok.cache." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining(problem));
	}

	@ParameterizedTest
	@EnumSource
	void aResponseOverTheOpenAiSdkIsKept(Invocation invocation) {
		String citation = "\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":"
				+ "{\"url\":\"https://a.example/\",\"title\":\"A\",\"start_index\":0,\"end_index\":5}}]";
		String choice = "{\"index\":0,\"finish_reason\":\"stop\",\"%s\":{\"role\":\"assistant\",\"content\":\"Four.\","
				+ "\"reasoning_content\":\"2 and 2\"," + citation + "}}";
		String body = "{\"id\":\"1\",\"created\":1,\"model\":\"grok-4.3\",\"choices\":[" + choice
				+ "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
		if (invocation == Invocation.STREAM) {
			xai.streamsRaw("data: " + body.formatted("delta") + "\n\ndata: [DONE]\n\n");
		}
		else {
			xai.answersRaw(200, "application/json", body.formatted("message"));
		}
		this.cached.withPropertyValues("grok.chat.transport=spring-ai").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			ChatResponseMetadata asked = last(invocation.invoke(model, new Prompt("2 + 2?")));
			assertThat(asked.<String>get("grok.cache")).isEqualTo("miss");
			List<ChatResponse> again = invocation.invoke(model, new Prompt("2 + 2?"));
			assertThat(Invocation.text(again)).isEqualTo("Four.");
			assertThat(last(again).<String>get("grok.cache")).isEqualTo("hit");
			assertThat(last(again).<String>get("reasoning")).isEqualTo("2 and 2");
			assertThat(last(again).<List<Citation>>get("citations")).isEqualTo(asked.<List<Citation>>get("citations"));
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@EnumSource
	void aHitCostsNothingAndTouchesNoBudget(Invocation invocation) {
		this.cached.withPropertyValues("grok.budgets.daily.limit=5.00")
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				xai.answers("Four.").usage(200, 10).reasoningTokens(30).cachedTokens(128);
				GrokChatModel model = context.getBean(GrokChatModel.class);
				ChatResponseMetadata asked = last(invocation.invoke(model, new Prompt("2 + 2?")));
				long used = used(context.getBean(Budgets.class));
				List<ChatResponse> again = invocation.invoke(model, new Prompt("2 + 2?"));
				assertThat(Invocation.text(again)).isEqualTo("Four.");
				ChatResponseMetadata kept = last(again);
				Cost cost = asked.get("grok.cost");
				assertThat(cost.ticks()).isPositive().isEqualTo(used);
				assertThat(kept.<String>get("grok.cache")).isEqualTo("hit");
				assertThat(kept.<Cost>get("grok.cost")).isEqualTo(Cost.table(0));
				assertThat(kept.<Cost>get("grok.saved")).isEqualTo(cost);
				assertThat(kept.<TokenUsage>get("grok.tokens")).isEqualTo(TokenUsage.NONE);
				assertThat(kept.getUsage().getTotalTokens()).isEqualTo(asked.getUsage().getTotalTokens());
				assertThat(kept.getUsage().getNativeUsage()).isEqualTo(asked.getUsage().getNativeUsage());
				assertThat(used(context.getBean(Budgets.class))).isEqualTo(used);
				assertThat(xai.requestCount()).isEqualTo(1);
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.get("grok.client.cache.requests")
					.tags("client", "default", "result", "hit")
					.counter()
					.count()).isEqualTo(1);
				assertThat(meters.get("grok.client.cache.saved")
					.tags("client", "default", "by", "response-cache")
					.counter()
					.count()).isEqualTo(cost.usd().doubleValue());
				assertThat(context.getBean("grokResponseCache", ResponseCache.class).statistics())
					.isEqualTo(new CacheStatistics(1, 1, 0, 0, cost.ticks()));
			});
	}

	@Test
	void theCacheIsBetweenRedactionAndBudgetAndUnderTheChatClient() {
		this.cached.run((context) -> {
			List<String> stages = context.getBean(GrokChatModel.class).stages();
			assertThat(stages.indexOf("cache")).isNotNegative().isLessThan(stages.indexOf("retry"));
			ChatClient client = context.getBean(ChatClient.class);
			String first = client.prompt("2 + 2?").call().content();
			assertThat(client.prompt("2 + 2?").call().content()).isEqualTo(first);
			assertThat(client.prompt("2 + 2?").options(GrokChatOptions.builder().temperature(0.1)).call().content())
				.isNotNull();
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@Test
	void theCacheOfTheApplicationIsUsedWhereThereIsOne() {
		this.cached.withPropertyValues("grok.cache.cache-name=answers")
			.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				model.call(new Prompt("2 + 2?"));
				model.call(new Prompt("2 + 2?"));
				assertThat(xai.requestCount()).isEqualTo(1);
				Cache cache = context.getBean(CacheManager.class).getCache("answers");
				assertThat(cache.getNativeCache())
					.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
					.hasSize(1)
					.allSatisfy((key, value) -> assertThat(value).isInstanceOf(String.class));
				context.getBean(ResponseCache.class).clear();
				model.call(new Prompt("2 + 2?"));
				assertThat(xai.requestCount()).isEqualTo(2);
			});
	}

	@Test
	void aCacheThatTheApplicationDoesNotHaveIsMissedAtStart() {
		this.cached.withBean(CacheManager.class, () -> new ConcurrentMapCacheManager("others"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("grok.cache.cache-name")
				.hasMessageContaining("'grok-responses'")
				.hasMessageContaining("spring.cache.cache-names"));
	}

	@Test
	void withoutALibraryToKeepAnswersTheApplicationDoesNotStart() {
		this.cached.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("caffeine"));
		this.runner.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.run((context) -> assertThat(context).hasNotFailed());
		this.cached.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void noMoreIsKeptThanIsAllowed() {
		this.cached.withPropertyValues("grok.cache.max-entries=2").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (int i = 0; i < 50; i++) {
				model.call(new Prompt("question " + i));
			}
			for (int i = 0; i < 50; i++) {
				model.call(new Prompt("question " + i));
			}
			assertThat(context.getBean(ResponseCache.class).statistics().hits()).isLessThanOrEqualTo(2);
		});
	}

	@Test
	void usersHaveAnswersOfTheirOwnUnlessAllShare() {
		Prompt anna = new Prompt("2 + 2?", GrokChatOptions.builder().user("anna").build());
		Prompt ben = new Prompt("2 + 2?", GrokChatOptions.builder().user("ben").build());
		this.cached.run((context) -> {
			context.getBean(GrokChatModel.class).call(anna);
			context.getBean(GrokChatModel.class).call(ben);
			assertThat(xai.requestCount()).isEqualTo(2);
		});
		this.cached.withPropertyValues("grok.cache.scope=all").run((context) -> {
			context.getBean(GrokChatModel.class).call(anna);
			context.getBean(GrokChatModel.class).call(ben);
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@ParameterizedTest
	@EnumSource
	void whoeverDiffersInPrivateValuesOnlySharesAnAnswerAndGetsHisOwnBack(Invocation invocation) {
		this.cached.withPropertyValues("grok.redaction.enabled=true").run((context) -> {
			xai.answers("I write to [EMAIL_1].");
			GrokChatModel model = context.getBean(GrokChatModel.class);
			assertThat(Invocation.text(invocation.invoke(model, new Prompt("Write to anna@example.com"))))
				.isEqualTo("I write to anna@example.com.");
			assertThat(Invocation.text(invocation.invoke(model, new Prompt("Write to ben@example.org"))))
				.isEqualTo("I write to ben@example.org.");
			xai.answers("I write to [EMAIL_1].");
			assertThat(Invocation.text(invocation.invoke(model, new Prompt("Write to me"))))
				.isEqualTo("I write to [EMAIL_1].");
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@EnumSource
	void whatIsMaskedStaysMaskedInTheCache(Invocation invocation) {
		this.cached.withPropertyValues("grok.redaction.enabled=true", "grok.redaction.mode=mask").run((context) -> {
			xai.answers("I write to [EMAIL].");
			GrokChatModel model = context.getBean(GrokChatModel.class);
			invocation.invoke(model, new Prompt("Write to anna@example.com"));
			assertThat(Invocation.text(invocation.invoke(model, new Prompt("Write to ben@example.org"))))
				.isEqualTo("I write to [EMAIL].");
			assertThat(xai.requestCount()).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@EnumSource
	void aTenantThatOnlyTheCallingThreadKnowsPaysForWhatIsAskedBehindADistantCache(Invocation invocation) {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		tenant.set("acme");
		this.cached.withPropertyValues("grok.budgets.each.limit=5", "grok.budgets.each.scope=tenant")
			.withBean(TenantResolver.class, () -> (prompt) -> tenant.get())
			.withBean(ResponseStore.class, DistantStore::new)
			.withUserConfiguration(Costs.class)
			.run((context) -> {
				invocation.invoke(context.getBean(GrokChatModel.class), new Prompt("2 + 2?"));
				assertThat(context.getBean(Budgets.class).status()).filteredOn((status) -> status.usedTicks() > 0)
					.extracting(BudgetStatus::scopeValue)
					.containsExactly("acme");
				assertThat(context.getBean(Costs.class).recorded).extracting(CostRecorded::tenant)
					.containsExactly("acme");
			});
	}

	@Test
	void aCacheOfTheApplicationThatNeverForgetsIsWarnedAbout(CapturedOutput output) {
		this.cached.withBean(CacheManager.class, CaffeineCacheManager::new)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("'grok-responses'", "spring.cache.caffeine.spec");
		this.cached.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll().split("'grok-responses'", -1)).hasSize(3);
		this.cached.withBean(CacheManager.class, () -> {
			CaffeineCacheManager manager = new CaffeineCacheManager();
			manager.setCacheSpecification("maximumSize=100");
			return manager;
		}).run((context) -> assertThat(context).hasNotFailed());
		this.cached.withBean(CacheManager.class, NoOpCacheManager::new)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll().split("'grok-responses'", -1)).hasSize(3);
	}

	private static long used(Budgets budgets) {
		return budgets.status().stream().mapToLong(BudgetStatus::usedTicks).sum();
	}

	private static ChatResponseMetadata last(List<ChatResponse> answer) {
		return answer.get(answer.size() - 1).getMetadata();
	}

	/**
	 * Keeps nothing, which takes a while.
	 */
	private static final class DistantStore implements ResponseStore {

		@Override
		public @Nullable String get(String key) {
			return null;
		}

		@Override
		public void put(String key, String text, Duration ttl) {
		}

		@Override
		public void clear() {
		}

		@Override
		public boolean mayBlock() {
			return true;
		}

	}

	/**
	 * Writes down what was paid.
	 */
	static class Costs implements GrokEventListener {

		private final List<CostRecorded> recorded = new CopyOnWriteArrayList<>();

		@Override
		public void onEvent(GrokEvent event) {
			if (event instanceof CostRecorded cost) {
				this.recorded.add(cost);
			}
		}

	}

}
