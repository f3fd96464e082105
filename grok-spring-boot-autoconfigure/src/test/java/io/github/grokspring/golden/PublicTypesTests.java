package io.github.grokspring.golden;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;

/**
 * Names of the public types of the modules that applications depend on.
 * {@code -Dgolden.write=true} regenerates the list.
 */
class PublicTypesTests {

	@Test
	void publicTypesAreThoseOfTheList() throws IOException, URISyntaxException, ClassNotFoundException {
		Set<String> names = new TreeSet<>();
		for (Class<?> anchor : new Class<?>[] { GrokChatModel.class, XaiServer.class }) {
			names.addAll(publicTypes(anchor));
		}
		Golden.verify("public-types.txt", String.join("\n", names) + "\n");
	}

	private static Set<String> publicTypes(Class<?> anchor)
			throws IOException, URISyntaxException, ClassNotFoundException {
		Path location = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
		if (Files.isDirectory(location)) {
			return publicTypesBelow(location);
		}
		try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + location.toUri()), Map.of())) {
			return publicTypesBelow(jar.getPath("/"));
		}
	}

	private static Set<String> publicTypesBelow(Path root) throws IOException, ClassNotFoundException {
		Set<String> names = new TreeSet<>();
		try (Stream<Path> files = Files.walk(root)) {
			for (Path file : files.toList()) {
				String path = root.relativize(file).toString();
				if (path.startsWith("io/github/grokspring/") && path.endsWith(".class")
						&& !path.endsWith("package-info.class")) {
					String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
					Class<?> type = Class.forName(name, false, PublicTypesTests.class.getClassLoader());
					if (isPublic(type)) {
						names.add(type.getCanonicalName());
					}
				}
			}
		}
		return names;
	}

	private static boolean isPublic(Class<?> type) {
		return Modifier.isPublic(type.getModifiers()) && type.getCanonicalName() != null
				&& (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
	}

}
