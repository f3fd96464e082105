package io.github.grokspring.sample;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Consistency of the container files of the sample. Containers are not started.
 */
class ComposeTests {

	private static final Pattern IMAGE = Pattern.compile("[a-z/.-]+:v?\\d+(\\.\\d+)*(-[a-z]+)?");

	private final Map<String, Map<String, Object>> services = services();

	@Test
	void whatIsMountedExistsAndCanOnlyBeRead() {
		Map<String, Path> mounts = mounts();
		assertThat(mounts).hasSize(5);
		assertThat(mounts.values()).allSatisfy((source) -> assertThat(source).isRegularFile());
	}

	@Test
	void nothingIsOpenToOtherMachines() {
		assertThat(this.services.values()).flatExtracting((service) -> list(service.get("ports")))
			.isNotEmpty()
			.allSatisfy((port) -> assertThat(port).startsWith("127.0.0.1:"));
	}

	@Test
	void imagesHaveVersions() throws IOException {
		List<String> images = new ArrayList<>();
		this.services.values()
			.stream()
			.filter((service) -> service.containsKey("image"))
			.forEach((service) -> images.add((String) service.get("image")));
		Matcher from = Pattern.compile("(?m)^FROM (\\S+)").matcher(dockerfile());
		while (from.find()) {
			images.add(from.group(1));
		}
		assertThat(images).hasSize(4).allSatisfy((image) -> assertThat(image).matches(IMAGE));
	}

	@Test
	void theKeyComesFromOutside() {
		assertThat(this.services.get("application").get("environment"))
			.isEqualTo(Map.of("XAI_API_KEY", "${XAI_API_KEY:-}"));
	}

	@Test
	void prometheusScrapesTheServiceAndFindsItsRules() throws IOException {
		Map<String, Object> configuration = yaml(mounts().get("/etc/prometheus/prometheus.yml"));
		assertThat(configuration.get("scrape_configs")).asString()
			.contains("targets=[application:8080]", "metrics_path=/actuator/prometheus");
		assertThat(list(configuration.get("rule_files")))
			.allSatisfy((file) -> assertThat(mounts()).containsKey("/etc/prometheus/" + file));
	}

	@Test
	@SuppressWarnings("unchecked")
	void grafanaFindsPrometheusAndTheDashboard() throws IOException {
		Map<String, Path> mounts = mounts();
		Map<String, Object> sources = yaml(mounts.get("/etc/grafana/provisioning/datasources/grok.yml"));
		Map<String, Object> source = ((List<Map<String, Object>>) sources.get("datasources")).get(0);
		assertThat(source).containsEntry("type", "prometheus").containsEntry("isDefault", true);
		assertThat(this.services).containsKey(((String) source.get("url")).replaceAll("http://(\\w+):9090", "$1"));
		Map<String, Object> providers = yaml(mounts.get("/etc/grafana/provisioning/dashboards/grok.yml"));
		Map<String, Object> provider = ((List<Map<String, Object>>) providers.get("providers")).get(0);
		String folder = ((Map<String, String>) provider.get("options")).get("path");
		assertThat(mounts).containsKey(folder + "/grafana-dashboard.json");
		assertThat((Map<String, String>) this.services.get("grafana").get("environment"))
			.containsEntry("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", folder + "/grafana-dashboard.json");
	}

	@Test
	void theImageRunsAsNobodyInParticular() throws IOException {
		assertThat(dockerfile()).containsPattern("(?m)^USER \\d+$").doesNotContain("USER 0").contains("ENTRYPOINT [");
	}

	@Test
	void theImageCopiesTheLayersThatSpringBootExtracts() throws IOException {
		String dockerfile = dockerfile();
		assertThat(dockerfile).contains("extract --layers --launcher --destination extracted")
			.containsSubsequence("extracted/dependencies/", "extracted/spring-boot-loader/",
					"extracted/snapshot-dependencies/", "extracted/application/");
		assertThat(FileSystems.getDefault()
			.getPathMatcher("glob:target/grok-sample-app-*.jar")
			.matches(Path.of("target/grok-sample-app-0.1.0-SNAPSHOT.jar"))).isTrue();
		assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("!target/grok-sample-app-*.jar");
	}

	private Map<String, Path> mounts() {
		Map<String, Path> mounts = new TreeMap<>();
		this.services.values()
			.stream()
			.flatMap((service) -> list(service.get("volumes")).stream())
			.forEach((volume) -> {
				String[] parts = volume.split(":");
				assertThat(parts).as(volume).hasSize(3).endsWith("ro");
				mounts.put(parts[1], Path.of(parts[0]));
			});
		return mounts;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, Object>> services() {
		try {
			return (Map<String, Map<String, Object>>) yaml(Path.of("compose.yaml")).get("services");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Object> yaml(Path file) throws IOException {
		return new Yaml().load(Files.readString(file));
	}

	private static String dockerfile() throws IOException {
		return Files.readString(Path.of("Dockerfile"));
	}

	@SuppressWarnings("unchecked")
	private static List<String> list(Object value) {
		return (value != null) ? (List<String>) value : List.of();
	}

}
