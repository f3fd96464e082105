package io.github.grokspring;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;

/**
 * How the packages of this module may know one another. Imports point down:
 *
 * <pre>
 * wiring        autoconfigure
 * operations    actuate, observation
 * endpoints     completions, responses, openai
 * wire          wire
 * connection    connection
 * features      redaction, cache, cost, budget, fallback, context, retry, ratelimit, scrub,
 *               memory
 * chain         chain
 * facts         catalog, error, event, token, tool
 * </pre>
 */
@AnalyzeClasses(packages = "io.github.grokspring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String[] FEATURES = packages("redaction", "cache", "cost", "budget", "fallback", "context",
			"retry", "ratelimit", "scrub", "memory");

	@ArchTest
	final ArchRule packagesAreFreeOfCycles = SlicesRuleDefinition.slices()
		.matching("..grokspring.(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	final ArchRule layersLookDownOnly = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.withOptionalLayers(true)
		.layer("facts")
		.definedBy(packages("catalog", "error", "event", "token", "tool"))
		.layer("chain")
		.definedBy(packages("chain"))
		.layer("features")
		.definedBy(FEATURES)
		.layer("connection")
		.definedBy(packages("connection"))
		.layer("wire")
		.definedBy(packages("wire"))
		.layer("endpoints")
		.definedBy(packages("completions", "responses", "openai"))
		.layer("operations")
		.definedBy(packages("actuate", "observation"))
		.layer("wiring")
		.definedBy(packages("autoconfigure"))
		.whereLayer("wiring")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("operations")
		.mayOnlyBeAccessedByLayers("wiring")
		.whereLayer("endpoints")
		.mayOnlyBeAccessedByLayers("operations", "wiring")
		.whereLayer("wire")
		.mayOnlyBeAccessedByLayers("endpoints", "wiring")
		.whereLayer("connection")
		.mayOnlyBeAccessedByLayers("wire", "endpoints", "operations", "wiring")
		.whereLayer("features")
		.mayOnlyBeAccessedByLayers("connection", "wire", "endpoints", "operations", "wiring")
		.whereLayer("chain")
		.mayOnlyBeAccessedByLayers("features", "connection", "wire", "endpoints", "operations", "wiring");

	@ArchTest
	final ArchRule factsAreStrangers = SlicesRuleDefinition.slices()
		.matching("..grokspring.(catalog|error|event|token|tool)..")
		.should()
		.notDependOnEachOther();

	@ArchTest
	final ArchRule featuresAreStrangers = SlicesRuleDefinition.slices()
		.matching("..grokspring.(redaction|cache|cost|budget|fallback|context|retry|ratelimit|scrub|memory)..")
		.should()
		.notDependOnEachOther()
		.ignoreDependency(inPackage("budget"), inPackage("cost"))
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule featuresShowContractsAndValuesOnly = ArchRuleDefinition.classes()
		.that()
		.resideInAnyPackage(FEATURES)
		.and()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.beInterfaces()
		.orShould()
		.beRecords()
		.orShould()
		.beEnums()
		.orShould()
		.beAssignableTo(Throwable.class)
		.orShould()
		.beAssignableTo(ChatModel.class)
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule bootStaysInTheWiring = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "actuate"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	final ArchRule openAiStaysBehindItsBridge = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("openai"))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.ai.openai..", "com.openai..");

	@ArchTest
	final ArchRule autoConfigurationsArePublicAndFinal = ArchRuleDefinition.classes()
		.that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	final ArchRule autoConfigurationsHaveNoPublicMethods = ArchRuleDefinition.noMethods()
		.that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic();

	@ArchTest
	final ArchRule autoConfigurationsHaveNoPublicFields = ArchRuleDefinition.noFields()
		.that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule classesThatMayBeMissingAreAskedForOnTypes = ArchRuleDefinition.noMethods()
		.that()
		.areAnnotatedWith(Bean.class)
		.should()
		.beAnnotatedWith(ConditionalOnClass.class);

	@ArchTest
	final ArchRule conditionsAreNotPublic = ArchRuleDefinition.noClasses()
		.that()
		.areAssignableTo(Condition.class)
		.should()
		.bePublic()
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule propertiesAreRecords = ArchRuleDefinition.classes()
		.that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should()
		.beRecords();

	private static String[] packages(String... names) {
		String[] packages = new String[names.length];
		for (int i = 0; i < names.length; i++) {
			packages[i] = "..grokspring." + names[i] + "..";
		}
		return packages;
	}

	private static DescribedPredicate<JavaClass> inPackage(String name) {
		return JavaClass.Predicates.resideInAPackage("..grokspring." + name + "..");
	}

}
