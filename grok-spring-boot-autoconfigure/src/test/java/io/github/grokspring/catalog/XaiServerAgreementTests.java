package io.github.grokspring.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the mock server and the catalog contain the same models.
 */
class XaiServerAgreementTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

	private final ModelCatalog bundled = ModelCatalog.bundled();

	@Test
	void listOfDoubleChangesNothing() throws Exception {
		RefreshableModelCatalog catalog = refreshed();
		assertThat(catalog.models()).hasSameSizeAs(this.bundled.models());
		for (GrokModel model : catalog.models()) {
			GrokModel known = this.bundled.find(model.id());
			assertThat(known).as(model.id()).isNotNull();
			assertThat(model.prices()).as(model.id()).isEqualTo(known.prices());
			assertThat(model.reasoningEfforts()).as(model.id()).isEqualTo(known.reasoningEfforts());
			assertThat(model.reasoning()).as(model.id()).isEqualTo(known.reasoning());
			assertThat(model.refusedParameters()).as(model.id()).isEqualTo(known.refusedParameters());
			assertThat(model.status()).as(model.id()).isEqualTo(known.status());
			assertThat(model.aliases()).as(model.id()).isEqualTo(known.aliases());
			assertThat(model.retirement()).as(model.id()).isEqualTo(known.retirement());
			if (known.defaultReasoningEffort() != null) {
				assertThat(model.defaultReasoningEffort()).as(model.id()).isEqualTo(known.defaultReasoningEffort());
			}
		}
	}

	@Test
	void bothServeSameModels() throws Exception {
		Collection<String> served = JsonMapper.shared()
			.readTree(list())
			.path("models")
			.valueStream()
			.map((model) -> model.path("id").stringValue())
			.toList();
		assertThat(served).isNotEmpty();
		assertThat(this.bundled.models()).filteredOn((model) -> model.status() == Status.CURRENT)
			.filteredOn((model) -> model.endpoints().contains(Endpoint.RESPONSES))
			.extracting(GrokModel::id)
			.containsExactlyInAnyOrderElementsOf(served);
	}

	@Test
	void bothHaveSameNames() throws IOException {
		for (JsonNode model : notEmpty(facts().path("served"))) {
			String id = model.path("id").stringValue();
			GrokModel known = this.bundled.find(id);
			assertThat(known.contextWindow()).as(id).isEqualTo(model.path("context_length").intValue());
			assertThat(known.endpoints().contains(Endpoint.CHAT_COMPLETIONS)).as(id)
				.isEqualTo(model.path("chat_completions").booleanValue());
			for (JsonNode refused : notEmpty(model.path("refuses"))) {
				assertThat(known.refuses(refused.stringValue())).as(id + " " + refused).isTrue();
			}
			for (JsonNode alias : model.path("aliases")) {
				assertThat(answering(alias.stringValue())).as(alias.stringValue()).isEqualTo(id);
			}
		}
	}

	@Test
	void bothRedirectSameModels() throws IOException {
		for (JsonNode redirect : notEmpty(facts().path("redirects"))) {
			String name = redirect.path("id").stringValue();
			assertThat(this.bundled.find(name).status()).as(name).isEqualTo(Status.REDIRECTED);
			assertThat(answering(name)).as(name).isEqualTo(redirect.path("to").stringValue());
			assertThat(this.bundled.find(name).retirement().effort()).as(name)
				.isEqualTo(redirect.path("effort").stringValue());
		}
		for (JsonNode retired : notEmpty(facts().path("retired"))) {
			String name = retired.path("id").stringValue();
			assertThat(this.bundled.find(name).status()).as(name).isEqualTo(Status.RETIRED);
		}
	}

	@Test
	void modelsServedByDoubleAreListed() throws Exception {
		try (XaiServer server = XaiServer.start()) {
			server.alsoServes("grok-5", "grok-4.5");
			byte[] list = list(server);
			RefreshableModelCatalog catalog = RefreshableModelCatalog.create(Map.of(), () -> Mono.just(list),
					InstantSource.fixed(NOW));
			assertThat(catalog.refresh().block()).isTrue();
			GrokModel model = catalog.find("grok-5");
			assertThat(model.pricesAt(NOW).tokens()).isEqualTo(this.bundled.get("grok-4.5").pricesAt(NOW).tokens());
			assertThat(model.reasoningEfforts()).isEqualTo(List.of("low", "medium", "high", "xhigh"));
			assertThat(model.inputModalities()).isEqualTo(Set.of("text", "image"));
			assertThat(catalog.revision()).isEqualTo(1);
		}
	}

	private static JsonNode notEmpty(JsonNode list) {
		assertThat(list).isNotEmpty();
		return list;
	}

	private String answering(String name) {
		GrokModel model = this.bundled.find(name);
		return (model.status() == Status.REDIRECTED) ? model.retirement().replacement() : model.id();
	}

	private static RefreshableModelCatalog refreshed() throws Exception {
		byte[] list = list();
		RefreshableModelCatalog catalog = RefreshableModelCatalog.create(Map.of(), () -> Mono.just(list),
				InstantSource.fixed(NOW));
		catalog.refresh().block();
		return catalog;
	}

	private static byte[] list() throws Exception {
		return list(xai);
	}

	private static byte[] list(XaiServer server) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(server.baseUrl() + "/language-models"))
			.header("Authorization", "Bearer " + server.apiKey())
			.timeout(Duration.ofSeconds(10))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
	}

	private static JsonNode facts() throws IOException {
		try (InputStream stream = XaiServer.class.getResourceAsStream("models.json")) {
			return JsonMapper.shared().readTree(stream);
		}
	}

}
