package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Properties below {@code grok} that do not exist.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	UnknownPropertiesTests() {
		this.environment.getPropertySources()
			.forEach((source) -> this.environment.getPropertySources().remove(source.getName()));
	}

	@ParameterizedTest
	@CsvSource({ "grok.budget.daily.limit, grok.budgets.daily.limit", "grok.client.fast.model, grok.clients.fast.model",
			"grok.retries.max-attempts, grok.retry.max-attempts", "grok.chat.modell, grok.chat.model",
			"grok.chat.maxToken, grok.chat.max-tokens", "grok.model, grok.chat.model",
			"grok.chat.options.temperature, grok.chat.temperature", "grok.apikey2, grok.api-key",
			"grok.clients.fast.reasoning-efort, grok.clients.fast.reasoning-effort",
			"grok.budgets.each-customer.limits, grok.budgets.each-customer.limit",
			"grok.models[grok-4.3].prices.input, grok.models[grok-4.3].price.input",
			"grok.chat.tools.mcp[1].lable, grok.chat.tools.mcp[0].label", "grok.http.proxi.host, grok.http.proxy.host",
			"grok.enable, grok.enabled", "grok.fallback.model[0], grok.fallback.models",
			"grok.chat.api-key, grok.api-key", "grok.http.base-url, grok.base-url",
			"grok.timeout, grok.http.read-timeout", "grok.chat.timeout, grok.http.read-timeout",
			"grok.max-retries, grok.retry.max-attempts", "grok.options.model, grok.chat.model",
			"grok.default.model, grok.chat.model", "grok.chat.modle, grok.chat.model",
			"grok.tools.web-search.enabled, grok.chat.tools.web-search.enabled",
			"grok.proxy.host, grok.http.proxy.host", "grok.budget.limit, grok.budgets.<name>.limit" })
	void endTheStartWithTheNearestName(String name, String nearest) {
		file(Map.of(name, "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageStartingWith(
					"'" + name.toLowerCase(Locale.ROOT) + "' does not exist. Replace it with '" + nearest + "'.")
			.withMessageContaining("'grok.unknown-properties'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok.something.altogether.different", "grok.chat.stream", "grok.image.model",
			"grok.embedding.options.model", "grok.model-name", "grok.log-requests" })
	void withoutANearNameAreToBeRemoved(String name) {
		file(Map.of(name, "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageStartingWith("'" + name + "' does not exist. Remove it.");
	}

	@Test
	void endTheStartWithAllNamesThatAreEquallyNear() {
		file(Map.of("grok.store", "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageStartingWith("'grok.store' does not exist. Replace it with ")
			.withMessageContainingAll("'grok.budget.store'", "'grok.chat.store'", "'grok.memory.store'", " or ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			grok.retry              | off             | enabled, max-attempts,
			grok.chat               | grok-4.3        | model,
			grok.fallback           | grok-4.5        | models, chat-models, on.
			grok.http.proxy         | http://proxy:80 | host, port, username, password.
			grok.chat.tools.web-search | true         | enabled, allowed-domains,
			grok.clients            | fast            | <name>.model,
			grok.clients.fast       | grok-4.3        | model,
			grok.clients[0]         | fast            | model,
			grok.budgets            | 5               | <name>.limit, <name>.window,
			grok.budgets.daily      | 5               | limit, window,
			grok.budgets.limit      | 5               | limit, window,
			grok.models             | grok-4.3        | <name>.aliases,
			grok.http.headers       | a=b             | <name>.
			grok.chat.tools.mcp     | https://a.com   | [0].label, [0].url,
			""")
	void groupsTakeNoValue(String name, String value, String below) {
		file(Map.of(name, value));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageStartingWith("'" + name
					+ "' is a group of properties and does not accept a value. Set one of its properties instead: ")
			.withMessageContaining(below)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("'" + value + "'")
				.doesNotContain("unknown-properties"));
	}

	@Test
	void groupsMayBeEmpty() throws IOException {
		yaml("""
				grok:
				  chat:
				    tools: {}
				  clients:
				  budgets: []
				  models: {}
				  retry: ""
				  http:
				    proxy:
				    headers: ${NO_SUCH_HEADERS:}
				""");
		assertThatNoException().isThrownBy(this::validate);
	}

	@Test
	void groupsMayBeObjects() {
		file(Map.of("grok.http.headers", Map.of("X-Team", "blue")));
		assertThatNoException().isThrownBy(this::validate);
	}

	@ParameterizedTest
	@CsvSource({ "grok.http.read-timeout, 30, milliseconds, 30s", "grok.retry.max-interval, 120, milliseconds, 30s",
			"grok.http.max-response-size, 64, bytes, 64MB" })
	void valuesWithoutAUnitAreWarnedAbout(String name, String value, String unit, String example,
			CapturedOutput output) {
		file(Map.of(name, value));
		validate();
		assertThat(output).containsOnlyOnce("'" + name + "' is '" + value + "', which is read as " + unit + ".")
			.contains("Specify the unit, for example " + example);
	}

	@ParameterizedTest
	@CsvSource({ "grok.http.read-timeout, 30s", "grok.http.read-timeout, PT30S", "grok.http.max-idle-time, 0",
			"grok.chat.max-tokens, 30", "grok.http.max-response-size, 64KB" })
	void valuesWithAUnitOrWithoutNeedOfOneAreNot(String name, String value, CapturedOutput output) {
		file(Map.of(name, value));
		validate();
		assertThat(output).doesNotContain("the unit");
	}

	@Test
	void onlyTheValueThatAppliesIsLookedAtForItsUnit(CapturedOutput output) {
		file(Map.of("grok.http.read-timeout", "30"));
		variables(Map.of("GROK_HTTP_READTIMEOUT", "30s"));
		validate();
		assertThat(output).doesNotContain("the unit");
		variables(Map.of("GROK_HTTP_READTIMEOUT", "45"));
		validate();
		assertThat(output).containsOnlyOnce("'grok.http.read-timeout' is '45'");
	}

	@Test
	void valuesOfGroupsAreWarnedAbout(CapturedOutput output) {
		file(Map.of("grok.retry", "off", "grok.unknown-properties", "warn"));
		validate();
		assertThat(output).containsOnlyOnce("'grok.retry' is a group of properties and does not accept a value.");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "grok.enabled.now", "grok.chat.model.name", "grok.chat.stop.first", "grok.chat.tools.mcp.x",
					"grok.http.proxy.host.name", "grok.budgets.daily.limit.usd", "grok.clients.deep.thought.model" })
	void existNotBelowOnesThatDo(String name) {
		file(Map.of(name, "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageStartingWith("'" + name + "' does not exist.");
	}

	@Test
	void areToldAllAtOnceWithoutTheirValues() {
		Map<String, Object> written = new LinkedHashMap<>();
		written.put("grok.chat.modell", "secret-1");
		written.put("grok.budget.daily.limit", "secret-2");
		file(written);
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageContaining("'grok.chat.modell' does not exist")
			.withMessageContaining("'grok.budget.daily.limit' does not exist either.")
			.withMessageContaining("Replace it with 'grok.budgets.daily.limit'")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void areWarnedAbout(CapturedOutput output) {
		file(Map.of("grok.chat.modell", "grok-4.3", "grok.unknown-properties", "warn"));
		validate();
		assertThat(output).containsOnlyOnce("'grok.chat.modell' does not exist.")
			.contains("Replace it with 'grok.chat.model'.")
			.contains("from property source \"file\"");
	}

	@Test
	void areIgnored(CapturedOutput output) {
		file(Map.of("grok.chat.modell", "grok-4.3", "grok.unknownProperties", "IGNORE"));
		validate();
		assertThat(output).doesNotContain("modell");
	}

	@ParameterizedTest
	@CsvSource({ "api-key, grok.api-key", "base-url, grok.base-url", "http.read-timeout, grok.http" })
	void theConnectionOfAClientIsNeverThatOfAllClientsSilently(String key, String property) {
		for (String mode : List.of("fail", "warn", "ignore")) {
			file(Map.of("grok.clients.x." + key, "xai-secret", "grok.unknown-properties", mode));
			assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
				.withMessageContaining("'grok.clients.x." + key
						+ "' is not supported by this version: all clients use '" + property + "'")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("xai-secret"));
			this.environment.getPropertySources().remove("file");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GROK_BUDGET_DAILY_LIMIT", "GROK_CHAT_MODELL", "GROK_CLIENTS_FAST_MODELL",
			"GROK_RATE_LIMIT_MAXQUEUED", "GROK_RATELIMIT_MAX_QUEUE", "GROK_CLIENTS_DEEP_THOUGHT_MODEL",
			"GROK_CLIENTS_X_API_KEY", "GROK_HTTP_PROXY", "GROK_HTTP_HEADERS", "GROK_CLIENTS_FAST" })
	void endTheStartAsVariablesOfOurGroups(String variable) {
		variables(Map.of(variable, "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate);
	}

	@Test
	void areCorrectedAsVariables() {
		variables(Map.of("GROK_BUDGET_DAILY_WARN_AT", "1"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate)
			.withMessageContaining("'grok.budgets.daily.warn-at', as environment variable GROK_BUDGETS_DAILY_WARNAT.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GROK_MODEL", "GROK_HOME", "GROK_CLI_THEME", "GROK_CLI_CHAT_MODEL", "GROK_API_KEY_FILE",
			"GROK_TOKEN", "GROK_ENABLED_FEATURES", "GROKIT_CHAT", "GROK", "GROK_HTTP", "GROK_CLIENTS",
			"GROK_RATE_LIMIT", "GROK_RATELIMIT" })
	void ofOtherToolsEndNoStart(String variable) {
		variables(Map.of(variable, "1"));
		assertThatNoException().isThrownBy(this::validate);
	}

	@Test
	void ofOtherToolsEndNoStartAsSystemProperties() {
		systemProperties(Map.of("grok.home", "/opt/grok", "grok.cli.theme", "dark", "grok.api-key.file", "x",
				"grok.log", "debug"));
		assertThatNoException().isThrownBy(this::validate);
		systemProperties(Map.of("grok.chat.modell", "grok-4.3"));
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(this::validate);
	}

	@Test
	void everyNameOfTheReferenceExistsInEveryForm() throws IOException {
		Set<String> names = reference();
		assertThat(names).hasSizeGreaterThan(150);
		GrokPropertyNames properties = new GrokPropertyNames();
		for (String name : names) {
			String value = name.endsWith("unknown-properties") ? "warn"
					: properties.below(ConfigurationPropertyName.of(name), false).isEmpty() ? "1" : "";
			for (String written : forms(name).toList()) {
				file(Map.of(written, value));
				assertThatNoException().as(written).isThrownBy(this::validate);
			}
			for (String variable : variables(name).toList()) {
				variables(Map.of(variable, value));
				assertThatNoException().as(variable).isThrownBy(this::validate);
			}
			this.environment.getPropertySources().remove("file");
			this.environment.getPropertySources().remove("systemEnvironment");
		}
	}

	private static Stream<String> forms(String name) {
		String camel = Pattern.compile("-([a-z])")
			.matcher(name)
			.replaceAll((match) -> match.group(1).toUpperCase(Locale.ROOT));
		return Stream
			.of(name, camel, name.replace('-', '_'), name.replace("-", ""),
					"grok." + name.substring(5).toUpperCase(Locale.ROOT), name + "[0]", name + ".0", name + "[1]")
			.filter((form) -> !form.matches(".*(\\[\\d]|\\.0)") || isList(name));
	}

	private static Stream<String> variables(String name) {
		String variable = name.replace('.', '_').replace("[", "").replace("]", "").toUpperCase(Locale.ROOT);
		return Stream.of(variable.replace("-", ""), variable.replace('-', '_'))
			.flatMap((form) -> isList(name) ? Stream.of(form, form + "_0") : Stream.of(form));
	}

	private static boolean isList(String name) {
		return name.matches(".*\\.(stop|warn-at|aliases|chat-models|detect|allowed-domains|reasoning-efforts)")
				|| name.endsWith("fallback.models");
	}

	private static Set<String> reference() throws IOException {
		Set<String> names = new TreeSet<>();
		for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
			if (line.startsWith("| `grok.")) {
				names.add(line.substring(3, line.indexOf('`', 3)).replaceAll("<\\w+>|\\*", "daily"));
			}
		}
		for (String name : List.copyOf(names)) {
			if (name.startsWith("grok.chat.")) {
				names.add(name.replace("grok.chat.", "grok.clients.fast."));
			}
		}
		return names;
	}

	@Test
	void entriesOfMapsAndListsExist() throws IOException {
		yaml("""
				grok:
				  api-key: ${XAI_API_KEY:x}
				  chat:
				    stop:
				      - a
				      - b
				    tools:
				      web-search: { enabled: true, allowed-domains: [ a.com, b.com ] }
				      mcp:
				        - label: tickets
				          url: https://mcp.example.com
				          allowed-tools: [ find, list ]
				          headers:
				            X-Team: blue
				            x.dotted.name: red
				          authorization: Bearer x
				  clients:
				    fast:
				    deepThought:
				      model: grok-4.5
				      tools: { x-search: { enabled: true } }
				  models:
				    "[grok-4.3]": { price: { input: 1, output: 2, units: { image: 0.1 } } }
				    "[vendor/some.model]": { aliases: [ some ] }
				    grok-5: { context-window: 1, reasoning-efforts: [ low ] }
				  http:
				    headers:
				      X-Team: blue
				      "[X.Dotted]": red
				  cost: { tool-fees: { web-search: 5, "[x.y]": 6 } }
				  budgets:
				    each-customer: { limit: 1, warn-at: [ 50%, 80% ] }
				    "[a.b]": { limit: 1 }
				  fallback:
				    models: [ grok-4.5 ]
				    on: [ timeout ]
				  redaction: { patterns: { TICKET: "[A-Z]+" }, detect: [ email ] }
				  cache:
				  retry: {}
				""");
		assertThatNoException().isThrownBy(this::validate);
	}

	@Test
	void variablesForEntriesThatAreSpeltWithDashesExist(CapturedOutput output) {
		file(Map.of("grok.budgets.each-customer.limit", "1", "grok.clients.deep-thought.model", "grok-4.5"));
		variables(Map.of("GROK_BUDGETS_EACH_CUSTOMER_WARN_AT_0", "50%", "GROK_CLIENTS_DEEP_THOUGHT_MAX_TOKENS", "5",
				"GROK_CHAT_TOOLS_MCP_0_ALLOWED_TOOLS_0", "x", "GROK_HTTP_HEADERS_X_TEAM", "x"));
		assertThatNoException().isThrownBy(this::validate);
		assertThat(output).doesNotContain("of its own");
	}

	@Test
	void variablesThatMakeASecondEntryAreTold(CapturedOutput output) {
		file(Map.of("grok.budgets.each-customer.limit", "1"));
		variables(Map.of("GROK_BUDGETS_EACHCUSTOMER_LIMIT", "50"));
		validate();
		assertThat(output).containsOnlyOnce(
				"'grok.budgets.eachcustomer.limit' creates a separate entry 'eachcustomer' in addition to 'each-customer'")
			.contains("replace each dash with an underscore");
	}

	@Test
	void twoSpellingsOfOneEntryAreTold(CapturedOutput output) {
		file(Map.of("grok.budgets.each-customer.limit", "1", "grok.budgets.eachCustomer.scope", "tenant",
				"grok.models[grok-4.1].aliases", "x", "grok.models[grok-41].aliases", "y"));
		validate();
		assertThat(output).containsOnlyOnce("creates a separate entry")
			.contains("Use the same spelling for all properties.");
	}

	@Test
	void propertiesOfTheApplicationItselfExist() {
		new ApplicationContextRunner().withUserConfiguration(WithOwnProperties.class)
			.withPropertyValues("grok.mine.anything.at-all=1", "grok.other.x=1", "grok.chat.flavour=1",
					"grok.shade=dark", "grok.lookup.a.b=1")
			.run((context) -> assertThat(context).hasNotFailed());
		new ApplicationContextRunner().withUserConfiguration(WithOwnProperties.class)
			.withPropertyValues("grok.chat.modell=1")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("'grok.chat.modell' does not exist"));
	}

	@Test
	void areFoundInEveryKindOfSource(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("application.properties"), "grok.api-key=" + ContextRunners.KEY + "\n");
		Files.writeString(directory.resolve("application-typo.yaml"), "grok:\n  chat:\n    modell: grok-4.3\n");
		Files.createDirectories(directory.resolve("tree"));
		Files.writeString(directory.resolve("tree/grok.chat.topp"), "1");
		Files.writeString(directory.resolve("tree/grok.chat.modell"), "1");
		String location = "--spring.config.location=" + directory.toUri();
		start(location).close();
		start(location, "--grok.unknown-properties=ignore", "--spring.profiles.active=typo").close();
		for (String argument : List.of("--spring.profiles.active=typo", "--grok.chat.modell=grok-4.3",
				"--spring.application.json={\"grok\":{\"chat\":{\"modell\":\"grok-4.3\"}}}",
				"--spring.config.import=configtree:" + directory + "/tree/")) {
			assertThatExceptionOfType(GrokConfigurationException.class).as(argument)
				.isThrownBy(() -> start(location, argument).close())
				.withMessageContaining("'grok.chat.modell' does not exist");
		}
	}

	@Test
	void areExplainedWithTheirOrigin(CapturedOutput output, @TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("application.yaml"), "grok:\n  budget:\n    daily:\n      limit: 5\n");
		assertThatExceptionOfType(GrokConfigurationException.class)
			.isThrownBy(() -> start("--spring.config.location=" + directory.toUri()).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'grok.budget.daily.limit' does not exist. The value comes from")
			.contains("application.yaml] - 4:14")
			.contains("Replace it with 'grok.budgets.daily.limit'.");
	}

	@Test
	void ofOtherToolsEndNoStartWithNamesOfGroups() {
		Map<String, Object> variables = new LinkedHashMap<>(Map.of("GROK", "1"));
		for (String group : new GrokPropertyNames().groups()) {
			variables.put("GROK_" + group.replace("-", "").toUpperCase(Locale.ROOT), "1");
			variables.put("GROK_" + group.replace('-', '_').toUpperCase(Locale.ROOT), "1");
		}
		assertThat(variables).containsKeys("GROK_HTTP", "GROK_CLIENTS", "GROK_BUDGETS", "GROK_MODELS",
				"GROK_RATE_LIMIT");
		ContextRunners.starter()
			.withPropertyValues("grok.api-key=" + ContextRunners.KEY)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables)))
			.run((context) -> assertThat(context).hasNotFailed().hasBean("grokChatClient"));
	}

	@Test
	void ofOtherToolsWithTheNameOfAMapHideNoEntries() {
		ContextRunners.starter()
			.withPropertyValues("grok.api-key=" + ContextRunners.KEY, "grok.clients.fast.model=grok-4.3",
					"grok.budgets.daily.limit=5")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("GROK_CLIENTS", "x", "GROK_BUDGETS", "5"))))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("fastChatClient");
				assertThat(context.getBean(GrokBudgetsProperties.class).budgets()).containsOnlyKeys("daily");
			});
	}

	@Test
	void doNotMatterWhenTheLibraryIsSwitchedOff() {
		ContextRunners.starter()
			.withPropertyValues("grok.enabled=false", "grok.chat.modell=x")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void everyTypeOfPropertiesIsKnown() throws IOException {
		Set<String> prefixes = new LinkedHashSet<>();
		GrokPropertyNames.TYPES.forEach((type) -> {
			ConfigurationProperties properties = type.getAnnotation(ConfigurationProperties.class);
			assertThat(properties).as(type.getName()).isNotNull();
			prefixes.add(properties.value());
		});
		assertThat(prefixes).allMatch((prefix) -> prefix.matches("grok(\\.[a-z-]+)?"));
		try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/github/grokspring/autoconfigure"))) {
			List<String> declared = sources.filter((source) -> read(source).contains("@ConfigurationProperties(\"grok"))
				.map((source) -> source.getFileName().toString().replace(".java", ""))
				.toList();
			assertThat(GrokPropertyNames.TYPES).extracting(Class::getSimpleName).containsAll(declared);
		}
	}

	private static String read(Path source) {
		try {
			return Files.readString(source);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		return application.run(arguments);
	}

	private void validate() {
		new UnknownPropertyValidator(this.environment).postProcessBeanFactory(new DefaultListableBeanFactory());
	}

	private void file(Map<String, Object> properties) {
		this.environment.getPropertySources().remove("file");
		this.environment.getPropertySources().addLast(new MapPropertySource("file", properties));
	}

	private void yaml(String text) throws IOException {
		new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(text.getBytes()))
			.forEach(this.environment.getPropertySources()::addLast);
	}

	private void variables(Map<String, Object> variables) {
		this.environment.getPropertySources().remove("systemEnvironment");
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
	}

	private void systemProperties(Map<String, Object> properties) {
		this.environment.getPropertySources().remove("systemProperties");
		this.environment.getPropertySources().addFirst(new MapPropertySource("systemProperties", properties));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ GrokAutoConfiguration.class, SslAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ Mine.class, Flavour.class, Shade.class })
	static class WithOwnProperties {

		@Bean
		static UnknownPropertyValidator validator(Environment environment) {
			return new UnknownPropertyValidator(environment);
		}

		@Bean
		@ConfigurationProperties("grok.other")
		Map<String, String> other() {
			return new LinkedHashMap<>();
		}

	}

	@ConfigurationProperties("grok.mine")
	record Mine(String name) {

	}

	@ConfigurationProperties("grok.chat")
	static class Flavour {

		private @Nullable String flavour;

		@Nullable String getFlavour() {
			return this.flavour;
		}

		void setFlavour(String flavour) {
			this.flavour = flavour;
		}

	}

	@ConfigurationProperties("grok")
	record Shade(String shade, Map<String, String> lookup) {

	}

}
