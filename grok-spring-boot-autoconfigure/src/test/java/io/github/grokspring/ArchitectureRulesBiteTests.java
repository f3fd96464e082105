package io.github.grokspring;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every rule of {@link ArchitectureTests} fails on classes that break it.
 */
class ArchitectureRulesBiteTests {

	private static final ArchitectureTests RULES = new ArchitectureTests();

	private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages("violations.grokspring");

	static Stream<Arguments> violations() {
		return Stream.of(violation("packagesAreFreeOfCycles", RULES.packagesAreFreeOfCycles, "Cycle detected"),
				violation("layersLookDownOnly", RULES.layersLookDownOnly, "FactThatLooksUp", "EndpointThatKnowsWiring"),
				violation("factsAreStrangers", RULES.factsAreStrangers, "FactThatKnowsAnother"),
				violation("featuresAreStrangers", RULES.featuresAreStrangers, "FeatureThatKnowsAnother",
						"CostThatKnowsBudget"),
				violation("featuresShowContractsAndValuesOnly", RULES.featuresShowContractsAndValuesOnly,
						"FeatureThatKnowsAnother"),
				violation("bootStaysInTheWiring", RULES.bootStaysInTheWiring, "ChainThatKnowsBoot"),
				violation("openAiStaysBehindItsBridge", RULES.openAiStaysBehindItsBridge, "EndpointThatKnowsOpenAi"),
				violation("autoConfigurationsArePublicAndFinal", RULES.autoConfigurationsArePublicAndFinal,
						"OpenAutoConfiguration"),
				violation("autoConfigurationsHaveNoPublicMethods", RULES.autoConfigurationsHaveNoPublicMethods,
						"OpenAutoConfiguration"),
				violation("autoConfigurationsHaveNoPublicFields", RULES.autoConfigurationsHaveNoPublicFields,
						"OpenAutoConfiguration"),
				violation("classesThatMayBeMissingAreAskedForOnTypes", RULES.classesThatMayBeMissingAreAskedForOnTypes,
						"OpenAutoConfiguration"),
				violation("conditionsAreNotPublic", RULES.conditionsAreNotPublic, "PublicCondition"),
				violation("propertiesAreRecords", RULES.propertiesAreRecords, "MutableProperties"));
	}

	private static Arguments violation(String name, ArchRule rule, String... culprits) {
		return Arguments.argumentSet(name, rule, List.of(culprits));
	}

	@ParameterizedTest
	@MethodSource("violations")
	void findsTheCulprits(ArchRule rule, List<String> culprits) {
		List<String> found = rule.evaluate(VIOLATIONS).getFailureReport().getDetails();
		assertThat(culprits).allSatisfy((culprit) -> assertThat(found).anyMatch((detail) -> detail.contains(culprit)));
	}

	@Test
	void budgetsMayKnowCosts() {
		assertThat(RULES.featuresAreStrangers.evaluate(VIOLATIONS).getFailureReport().getDetails())
			.noneMatch((detail) -> detail.contains("BudgetThatKnowsCost"));
	}

	@Test
	void noRuleIsForgotten() {
		List<String> rules = Arrays.stream(ArchitectureTests.class.getDeclaredFields())
			.filter((field) -> field.isAnnotationPresent(ArchTest.class))
			.map(Field::getName)
			.toList();
		assertThat(violations()).hasSameSizeAs(rules);
	}

}
