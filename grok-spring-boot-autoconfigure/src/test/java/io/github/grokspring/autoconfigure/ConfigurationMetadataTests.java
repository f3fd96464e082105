package io.github.grokspring.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.grokspring.budget.LedgerSettings;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an IDE shows while somebody writes {@code grok.*}.
 */
class ConfigurationMetadataTests {

	private static final String CLIENT = "grok.clients.*.";

	private final JsonNode metadata = PropertyReference.metadata();

	@Test
	void everyNameIsOneThatIdesComplete() {
		assertThat(properties("")).isNotEmpty()
			.allSatisfy((property) -> assertThat(ConfigurationPropertyName.isValid(text(property, "name")))
				.as("%s", property)
				.isTrue());
	}

	@Test
	void entriesOfMapsAreCompletedByTheirType() {
		Map<String, Class<?>> entries = Map.of("grok.clients", GrokChatProperties.class, "grok.budgets",
				GrokBudgetsProperties.Entry.class, "grok.models", GrokModelsProperties.Model.class);
		entries.forEach((name,
				type) -> assertThat(properties(name).stream().filter((property) -> text(property, "name").equals(name)))
					.singleElement()
					.satisfies((property) -> {
						assertThat(text(property, "type"))
							.isEqualTo("java.util.Map<java.lang.String," + type.getName() + ">");
						assertThat(text(property, "sourceType")).startsWith("io.github.grokspring.autoconfigure.");
						assertThat(values(hint(name + ".keys"))).isNotEmpty();
					}));
	}

	@Test
	void everyPropertyHasATypeAndASource() {
		assertThat(properties("grok.")).isNotEmpty().allSatisfy((property) -> {
			assertThat(text(property, "type")).as("%s", property).isNotEmpty();
			assertThat(text(property, "sourceType")).as("%s", property).isNotEmpty();
		});
	}

	@Test
	void everyHintBelongsToAProperty() {
		Set<String> names = new TreeSet<>(Set.of("spring.ai.model.chat"));
		properties("").forEach((property) -> {
			names.add(text(property, "name"));
			if (text(property, "type").startsWith("java.util.Map<")) {
				names.add(text(property, "name") + ".keys");
				names.add(text(property, "name") + ".values");
			}
		});
		assertThat(stream(this.metadata.path("hints")).map((hint) -> text(hint, "name"))).isNotEmpty()
			.isSubsetOf(names)
			.doesNotHaveDuplicates();
	}

	@Test
	void hintedModelsAreCurrent() {
		ModelCatalog catalog = ModelCatalog.bundled();
		for (String key : List.of("grok.chat.model", "grok.fallback.models", "grok.health.required-models")) {
			JsonNode hint = hint(key);
			assertThat(values(hint)).as(key).isNotEmpty().allSatisfy((name) -> {
				assertThat(catalog.resolve(name).status()).as(name).isEqualTo(GrokModel.Status.CURRENT);
				assertThat(catalog.resolve(name).known()).as(name).isTrue();
			});
			assertThat(hint.path("providers").path(0).path("name").asString()).isEqualTo("any");
		}
	}

	@Test
	void hintedPercentagesAndPlatformsAreValuesThatBind() {
		assertThat(values(hint("grok.cost.drift-warning"))).contains("1%")
			.allSatisfy((value) -> assertThat(Percentage.of("drift-warning", value)).isPositive());
		assertThat(values(hint("grok.memory.jdbc.platform"))).isNotEmpty()
			.allSatisfy((platform) -> assertThat(
					new ClassPathResource("io/github/grokspring/memory/schema-" + platform + ".sql").exists())
				.as(platform)
				.isTrue());
	}

	@Test
	void beansAndResourcesAreHandledAsSuch() {
		assertThat(provider("grok.fallback.chat-models"))
			.isEqualTo("spring-bean-reference of org.springframework.ai.chat.model.ChatModel");
		assertThat(provider("grok.memory.jdbc.schema")).isEqualTo("handle-as of org.springframework.core.io.Resource");
	}

	private String provider(String key) {
		JsonNode provider = hint(key).path("providers").path(0);
		return provider.path("name").asString() + " of " + provider.path("parameters").path("target").asString();
	}

	@Test
	void everyKeyThatBindsIsDescribed() {
		Set<String> keys = new TreeSet<>();
		for (Class<?> type : List.of(GrokProperties.class, GrokHttpProperties.class, GrokChatProperties.class,
				GrokModelsProperties.class, GrokCatalogProperties.class, GrokRetryProperties.class,
				GrokScrubProperties.class, GrokCircuitBreakerProperties.class, GrokFallbackProperties.class,
				GrokRateLimitProperties.class, GrokBudgetsProperties.class, GrokBudgetStoreProperties.class,
				GrokHealthProperties.class, GrokRedactionProperties.class, GrokPromptGuardProperties.class)) {
			keys.addAll(keys(type.getAnnotation(ConfigurationProperties.class).value(), type));
		}
		assertThat(keys).hasSizeGreaterThan(30);
		assertThat(descriptions("grok.")).containsKeys(keys.toArray(String[]::new));
	}

	@Test
	void everyKeyHasADescriptionOfItsOwn() {
		Map<String, String> descriptions = descriptions("grok.");
		assertThat(descriptions).isNotEmpty().allSatisfy((key, description) -> {
			assertThat(description).as(key).hasSizeGreaterThan(10);
			assertThat(description.charAt(0)).as(key).isUpperCase();
			assertThat(description).as(key)
				.doesNotContainPattern("^(The|A|An|How|What|Whom|Who|Where|By) ")
				.endsWith(".");
		});
	}

	@Test
	void hintsAreSentences() {
		assertThat(stream(this.metadata.path("hints")).flatMap((hint) -> stream(hint.path("values")))
			.filter((value) -> value.has("description"))).isNotEmpty()
			.allSatisfy((value) -> assertThat(text(value, "description")).matches("[A-Z].*\\."));
	}

	@Test
	void switchesBeginWithWhether() {
		assertThat(properties("grok.")).filteredOn((property) -> "java.lang.Boolean".equals(text(property, "type")))
			.isNotEmpty()
			.allSatisfy((property) -> assertThat(text(property, "description")).startsWith("Whether "));
	}

	@Test
	void everyKeyOfTheDefaultClientIsAKeyOfANamedOne() {
		Map<String, String> chat = new TreeMap<>();
		descriptions("grok.chat.").forEach((key, description) -> chat.put(key.substring(10), description));
		Map<String, String> named = new TreeMap<>();
		descriptions(CLIENT).forEach((key, description) -> named.put(key.substring(CLIENT.length()), description));
		assertThat(chat).hasSize(keys("grok.chat", GrokChatProperties.class).size());
		assertThat(named).isEqualTo(chat);
	}

	@Test
	void defaultsAreShown() {
		Map<String, String> defaults = new TreeMap<>();
		properties("grok.").stream()
			.filter((property) -> property.has("defaultValue"))
			.forEach((property) -> defaults.put(text(property, "name"), text(property, "defaultValue")));
		assertThat(defaults).containsEntry("grok.enabled", "true")
			.containsEntry("grok.base-url", BaseUrl.DEFAULT)
			.containsEntry("grok.chat.model", GrokChatProperties.DEFAULTS.model())
			.containsEntry("grok.chat.transport", "native")
			.containsEntry("grok.chat.api", "auto")
			.containsEntry("grok.chat.prompt-cache", "true")
			.containsEntry("grok.chat.store", "false")
			.containsEntry("grok.chat.tools.web-search.enabled", "false")
			.containsEntry("grok.http.read-timeout", "120s")
			.containsEntry("grok.http.max-connections", "1024")
			.containsEntry("grok.rate-limit.max-queued", "256");
		assertThat(defaults.keySet()).noneMatch((key) -> key.startsWith(CLIENT));
	}

	@Test
	void everyKeyOfAModelIsDescribed() {
		assertThat(descriptions("grok.models.*.").keySet())
			.containsExactlyInAnyOrderElementsOf(keys("grok.models.*", GrokModelsProperties.Model.class));
	}

	@Test
	void everyKeyOfABudgetIsDescribed() {
		assertThat(descriptions("grok.budgets.*.").keySet())
			.containsExactlyInAnyOrderElementsOf(keys("grok.budgets.*", GrokBudgetsProperties.Entry.class));
		Map<String, Class<? extends Enum<?>>> types = Map.of("grok.budget.fsync", LedgerSettings.Fsync.class,
				"grok.budget.on-write-failure", LedgerSettings.OnFailure.class);
		types.forEach((key,
				type) -> assertThat(values(hint(key))).containsExactlyElementsOf(Arrays.stream(type.getEnumConstants())
					.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
					.toList()));
		assertThat(values(hint("grok.budget.store"))).containsExactly("auto", "memory", "file");
	}

	@Test
	void modelsThatChatAreHintedWithTheirFacts() {
		ModelCatalog catalog = ModelCatalog.bundled();
		List<String> chatting = catalog.models()
			.stream()
			.filter((model) -> model.status() == GrokModel.Status.CURRENT
					&& model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS))
			.map(GrokModel::id)
			.toList();
		JsonNode hint = hint("grok.chat.model");
		assertThat(values(hint)).containsAll(chatting).contains("grok-4.3-latest", "grok-4.20");
		for (JsonNode value : hint.path("values")) {
			GrokModel model = catalog.resolve(text(value, "value"));
			assertThat(text(value, "description"))
				.endsWith(model.id().equals(text(value, "value")) ? facts(model) : "Alias of " + model.id() + ".");
		}
	}

	private static String facts(GrokModel model) {
		List<String> efforts = model.reasoningEfforts();
		String window = (model.contextWindow() >= 1_000_000) ? model.contextWindow() / 1_000_000 + "M"
				: model.contextWindow() / 1000 + "k";
		return (efforts.isEmpty() ? "" : ", efforts " + efforts.get(0) + " to " + efforts.get(efforts.size() - 1))
				+ "; " + window + " tokens of context.";
	}

	@Test
	void effortsAreHintedWithTheModelsOfWhichTheyAreTheDefault() {
		ModelCatalog catalog = ModelCatalog.bundled();
		for (String model : List.of("grok-4.3", "grok-4.5")) {
			assertThat(stream(hint("grok.chat.reasoning-effort").path("values"))
				.filter((value) -> text(value, "description").contains("default of " + model))
				.map((value) -> text(value, "value"))).containsExactly(catalog.get(model).defaultReasoningEffort());
		}
	}

	@Test
	void filesZonesAndDatesAreHandledAsSuch() {
		Map<String, String> targets = Map.of("grok.budget.file", "java.io.File", "grok.chat.tools.x-search.from-date",
				"java.time.LocalDate", "grok.chat.tools.x-search.to-date", "java.time.LocalDate");
		targets.forEach((key,
				target) -> assertThat(hint(key).path("providers").path(0).path("parameters").path("target").asString())
					.isEqualTo(target));
		assertThat(PropertyReference.read().get("grok.budgets.*.zone").type()).isEqualTo("java.time.ZoneId");
	}

	@Test
	void hintsOfListsAreValuesThatBind() {
		Map<String, Class<? extends Enum<?>>> types = Map.of("reasoning-effort",
				GrokChatProperties.ReasoningEffort.class, "service-tier", GrokChatProperties.ServiceTier.class,
				"transport", GrokChatProperties.Transport.class);
		types.forEach((key, type) -> {
			List<String> constants = Arrays.stream(type.getEnumConstants())
				.map((constant) -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.toList();
			assertThat(values(hint("grok.chat." + key))).containsExactlyElementsOf(constants);
		});
		assertThat(values(hint("grok.chat.api"))).containsExactly("auto", "chat-completions", "responses");
		assertThat(values(hint("grok.http.protocol"))).containsExactly("http1.1", "h2");
		assertThat(values(hint("grok.retry.jitter"))).containsExactly("full", "none");
		assertThat(values(hint("grok.rate-limit.store"))).containsExactly("auto", "local");
		assertThat(values(hint("grok.health.probe"))).containsExactly("models", "api-key", "none");
		assertThat(values(hint("grok.clients.keys"))).isNotEmpty();
		assertThat(values(hint("grok.catalog.refresh")))
			.allSatisfy((value) -> assertThat(new GrokCatalogProperties(value).refresh()).isEqualTo(value));
	}

	private static Collection<String> keys(String prefix, Class<?> type) {
		Collection<String> keys = new TreeSet<>();
		for (RecordComponent component : type.getRecordComponents()) {
			String key = prefix + "." + dashed(component.getName());
			if (component.getType().isRecord()) {
				keys.addAll(keys(key, component.getType()));
			}
			else {
				keys.add(key);
			}
		}
		return keys;
	}

	private static String dashed(String name) {
		String dashed = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
		return ConfigurationPropertyName.of(dashed).toString();
	}

	private static Map<String, String> descriptions(String prefix) {
		Map<String, String> descriptions = new TreeMap<>();
		PropertyReference.read().forEach((name, property) -> {
			if (name.startsWith(prefix)) {
				descriptions.put(name, property.description());
			}
		});
		return descriptions;
	}

	private List<JsonNode> properties(String prefix) {
		return stream(this.metadata.path("properties")).filter((property) -> text(property, "name").startsWith(prefix))
			.toList();
	}

	private JsonNode hint(String name) {
		return stream(this.metadata.path("hints")).filter((hint) -> text(hint, "name").equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no hint for " + name));
	}

	private static List<String> values(JsonNode hint) {
		return stream(hint.path("values")).peek((value) -> assertThat(text(value, "description")).isNotEmpty())
			.map((value) -> text(value, "value"))
			.toList();
	}

	private static Stream<JsonNode> stream(JsonNode array) {
		return array.valueStream();
	}

	private static String text(JsonNode node, String field) {
		return node.path(field).asString("");
	}

}
