package io.github.grokspring.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * Names of the properties below {@code grok}, as told by the types that are bound to
 * them, whether or not this application binds them.
 */
final class GrokPropertyNames {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("grok");

	static final List<Class<?>> TYPES = List.of(GrokProperties.class, GrokBudgetProperties.class,
			GrokBudgetsProperties.class, GrokCacheProperties.class, GrokCatalogProperties.class,
			GrokChatProperties.class, GrokCircuitBreakerProperties.class, GrokContextProperties.class,
			GrokCostProperties.class, GrokFallbackProperties.class, GrokHealthProperties.class,
			GrokHttpProperties.class, GrokLogProperties.class, GrokMemoryProperties.class, GrokModelsProperties.class,
			GrokPromptGuardProperties.class, GrokRateLimitProperties.class, GrokRedactionProperties.class,
			GrokRetryProperties.class, GrokRunawayGuardProperties.class, GrokScrubProperties.class,
			GrokTokenizerProperties.class);

	private static final String OUR_PACKAGE = "io.github.grokspring.";

	private static final String MAP_KEY = "*";

	private static final String LIST_INDEX = "[0]";

	private static final double MISSING_WORD = 0.75;

	private static final double OTHER_WORD = 1.5;

	private static final double FARTHEST = 1.25;

	private final Map<String, ResolvableType> root = new LinkedHashMap<>();

	private final Map<Class<?>, Map<String, ResolvableType>> members = new HashMap<>();

	private final Map<ConfigurationPropertyName, Map<String, MapKey>> mapKeys = new LinkedHashMap<>();

	GrokPropertyNames() {
		for (Class<?> type : TYPES) {
			String prefix = Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class)).value();
			if (prefix.equals(ROOT.toString())) {
				this.root.putAll(members(type));
			}
			else {
				this.root.put(prefix.substring(ROOT.toString().length() + 1), ResolvableType.forClass(type));
			}
		}
	}

	/**
	 * Returns whether something is bound to a property, and remembers the keys of maps.
	 * @param name the name of the property
	 * @param variable whether the name is that of an environment variable, in which a
	 * dash is left out or became a separator
	 * @return whether the property exists
	 */
	boolean contains(ConfigurationPropertyName name, boolean variable) {
		return contains(name, false, variable) || (variable && contains(name, true, true));
	}

	private boolean contains(ConfigurationPropertyName name, boolean splitAtDashes, boolean variable) {
		Walk walk = new Walk(name, splitAtDashes);
		if (!walk.ends(this.root, 1)) {
			return false;
		}
		if (walk.key != null && walk.map != null) {
			this.mapKeys.computeIfAbsent(walk.map, (map) -> new LinkedHashMap<>(2))
				.putIfAbsent(walk.key, new MapKey(walk.key, name, variable));
		}
		return true;
	}

	/**
	 * Returns whether a property would belong to a group of properties that exists.
	 * @param name the name of the property
	 * @param variable whether the name is that of an environment variable
	 * @return whether there is a group
	 */
	boolean hasGroup(ConfigurationPropertyName name, boolean variable) {
		return this.root.entrySet()
			.stream()
			.filter((member) -> isGroup(member.getValue()) || isContainer(member.getValue()))
			.anyMatch((member) -> new Walk(name, false).consumed(member.getKey(), 1) > 0
					|| (variable && new Walk(name, true).consumed(member.getKey(), 1) > 0));
	}

	/**
	 * Returns the keys of maps that were written in several ways, which makes an entry of
	 * each.
	 * @return the spellings of each key
	 */
	List<List<MapKey>> spellings() {
		List<List<MapKey>> spellings = new ArrayList<>();
		for (Map<String, MapKey> keys : this.mapKeys.values()) {
			if (keys.size() > 1) {
				spellings.add(List.copyOf(keys.values()));
			}
		}
		return spellings;
	}

	/**
	 * Finds the property that was probably meant.
	 * @param name a name that does not exist
	 * @return the nearest name that exists, or {@code null} if none is near
	 */
	@Nullable String nearest(ConfigurationPropertyName name) {
		List<String> elements = new ArrayList<>();
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			elements.add(name.getElement(i, Form.ORIGINAL));
		}
		List<String> words = words(elements);
		List<String> plain = plain(elements);
		List<List<String>> paths = new ArrayList<>();
		this.root.forEach((member, type) -> addPaths(List.of(member), type, paths));
		List<String> nearest = null;
		double least = FARTHEST;
		for (List<String> path : paths) {
			double distance = Math.min(distance(words, words(path)), distance(plain, plain(path)));
			if (distance < least) {
				least = distance;
				nearest = path;
			}
		}
		return (nearest != null) ? render(nearest, name) : null;
	}

	private static List<String> words(List<String> elements) {
		return elements.stream()
			.filter((element) -> !element.equals(LIST_INDEX) && !isNumber(element))
			.flatMap((element) -> Arrays.stream(element.replaceAll("([a-z])([A-Z])", "$1-$2").split("[-_]")))
			.map((word) -> word.toLowerCase(Locale.ROOT))
			.toList();
	}

	private static List<String> plain(List<String> elements) {
		return elements.stream()
			.filter((element) -> !element.equals(LIST_INDEX) && !isNumber(element))
			.map((element) -> element.replaceAll("[-_]", "").toLowerCase(Locale.ROOT))
			.toList();
	}

	private void addPaths(List<String> path, ResolvableType type, List<List<String>> paths) {
		ResolvableType element = element(type);
		if (isGroup(type)) {
			members(type.toClass()).forEach((member, memberType) -> addPaths(append(path, member), memberType, paths));
		}
		else if (isContainer(type) && isGroup(element)) {
			addPaths(append(path, isMap(type) ? MAP_KEY : LIST_INDEX), element, paths);
		}
		else {
			paths.add(path);
		}
	}

	private static List<String> append(List<String> path, String element) {
		List<String> longer = new ArrayList<>(path);
		longer.add(element);
		return longer;
	}

	private static String render(List<String> path, ConfigurationPropertyName name) {
		StringBuilder text = new StringBuilder(ROOT.toString());
		boolean aligned = true;
		for (int i = 0; i < path.size(); i++) {
			String element = path.get(i);
			if (element.equals(MAP_KEY)) {
				// something has to follow the key of an entry
				element = (aligned && name.getNumberOfElements() > i + 2) ? mapKey(name.chop(i + 2)) : "<name>";
			}
			else {
				aligned = aligned && name.getNumberOfElements() > i + 1
						&& difference(name.getElement(i + 1, Form.UNIFORM), element.replace("-", "")) < OTHER_WORD;
			}
			text.append(element.startsWith("[") ? "" : ".").append(element);
		}
		return text.toString();
	}

	private static String mapKey(ConfigurationPropertyName name) {
		String key = name.getLastElement(Form.ORIGINAL);
		return name.isLastElementIndexed() ? "[" + key + "]" : key;
	}

	private static double distance(List<String> words, List<String> wanted) {
		double[][] costs = new double[words.size() + 1][wanted.size() + 1];
		for (int i = 0; i <= words.size(); i++) {
			for (int j = 0; j <= wanted.size(); j++) {
				if (i == 0 || j == 0) {
					costs[i][j] = (i + j) * MISSING_WORD;
					continue;
				}
				costs[i][j] = Math.min(costs[i - 1][j - 1] + difference(words.get(i - 1), wanted.get(j - 1)),
						Math.min(costs[i - 1][j], costs[i][j - 1]) + MISSING_WORD);
			}
		}
		return costs[words.size()][wanted.size()];
	}

	private static double difference(String word, String wanted) {
		if (word.equals(wanted) || wanted.equals(MAP_KEY)) {
			return 0;
		}
		int[][] costs = new int[word.length() + 1][wanted.length() + 1];
		for (int i = 0; i <= word.length(); i++) {
			for (int j = 0; j <= wanted.length(); j++) {
				costs[i][j] = (i == 0 || j == 0) ? i + j
						: Math.min(costs[i - 1][j - 1] + ((word.charAt(i - 1) == wanted.charAt(j - 1)) ? 0 : 1),
								Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
			}
		}
		double share = (double) costs[word.length()][wanted.length()] / Math.max(word.length(), wanted.length());
		return (share <= 0.5) ? share : OTHER_WORD;
	}

	private Map<String, ResolvableType> members(Class<?> type) {
		Map<String, ResolvableType> members = this.members.get(type);
		if (members == null) {
			members = new LinkedHashMap<>();
			this.members.put(type, members);
			Constructor<?> longest = null;
			for (Constructor<?> constructor : type.getDeclaredConstructors()) {
				if (longest == null || constructor.getParameterCount() > longest.getParameterCount()) {
					longest = constructor;
				}
			}
			if (longest != null) {
				addMembers(longest, members);
			}
		}
		return members;
	}

	private static void addMembers(Constructor<?> constructor, Map<String, ResolvableType> members) {
		Parameter[] parameters = constructor.getParameters();
		for (int i = 0; i < parameters.length; i++) {
			String name = DataObjectPropertyName.toDashedForm(parameters[i].getName());
			members.put(name, ResolvableType.forConstructorParameter(constructor, i));
		}
	}

	private static boolean isGroup(ResolvableType type) {
		return type.toClass().isRecord() && type.toClass().getName().startsWith(OUR_PACKAGE);
	}

	private static boolean isMap(ResolvableType type) {
		return Map.class.isAssignableFrom(type.toClass());
	}

	private static boolean isContainer(ResolvableType type) {
		return isMap(type) || Collection.class.isAssignableFrom(type.toClass());
	}

	private static ResolvableType element(ResolvableType type) {
		return isMap(type) ? type.asMap().getGeneric(1) : type.asCollection().getGeneric(0);
	}

	private static boolean isNumber(String element) {
		return !element.isEmpty() && element.chars().allMatch(Character::isDigit);
	}

	/**
	 * Key of a map.
	 *
	 * @param text the key as the map has it
	 * @param property the first property with that key
	 * @param variable whether that is an environment variable
	 */
	record MapKey(String text, ConfigurationPropertyName property, boolean variable) {

	}

	/**
	 * Follows a name from type to type.
	 */
	private final class Walk {

		private final ConfigurationPropertyName name;

		private final int size;

		private final boolean splitAtDashes;

		private @Nullable ConfigurationPropertyName map;

		private @Nullable String key;

		Walk(ConfigurationPropertyName name, boolean splitAtDashes) {
			this.name = name;
			this.size = name.getNumberOfElements();
			this.splitAtDashes = splitAtDashes;
		}

		private boolean ends(Map<String, ResolvableType> members, int index) {
			for (Map.Entry<String, ResolvableType> member : members.entrySet()) {
				int consumed = consumed(member.getKey(), index);
				if (consumed > 0 && ends(member.getValue(), index + consumed)) {
					return true;
				}
			}
			return false;
		}

		private boolean ends(ResolvableType type, int index) {
			if (index >= this.size || type.toClass() == Object.class) {
				return true;
			}
			if (isMap(type)) {
				return endsInMap(element(type), index);
			}
			if (isContainer(type)) {
				return isNumber(this.name.getElement(index, Form.ORIGINAL)) && ends(element(type), index + 1);
			}
			if (type.toClass() == GrokFallbackProperties.class && BareOn.isWritten(this.name)) {
				return true;
			}
			if (!isGroup(type)) {
				return false;
			}
			Map<String, ResolvableType> members = members(type.toClass());
			// a native image may have been built without hints
			return members.isEmpty() || ends(members, index);
		}

		private boolean endsInMap(ResolvableType value, int index) {
			if (!isGroup(value)) {
				// a value that is no group takes whatever is left as its key
				remember(index, this.size);
				return true;
			}
			if (this.splitAtDashes && endsBelowDashedKey(value, index)) {
				return true;
			}
			remember(index, index + 1);
			return ends(value, index + 1);
		}

		private boolean endsBelowDashedKey(ResolvableType value, int index) {
			ConfigurationPropertyName parent = this.name.chop(index);
			for (Map<String, MapKey> keys : GrokPropertyNames.this.mapKeys.values()) {
				for (MapKey known : keys.values()) {
					int consumed = parent.isAncestorOf(known.property()) ? consumed(known.text(), index) : 0;
					if (consumed > 1 && ends(value, index + consumed)) {
						return true;
					}
				}
			}
			return false;
		}

		private void remember(int from, int to) {
			StringBuilder text = new StringBuilder();
			StringBuilder uniform = new StringBuilder();
			boolean indexed = false;
			for (int i = from; i < to; i++) {
				text.append((i > from) ? "." : "").append(this.name.getElement(i, Form.ORIGINAL));
				uniform.append(this.name.getElement(i, Form.UNIFORM));
				indexed = indexed || this.name.chop(i + 1).isLastElementIndexed();
			}
			ConfigurationPropertyName map = this.name.chop(from);
			this.map = indexed ? this.name.chop(to)
					: map.append(ConfigurationPropertyName.adapt(uniform.toString(), '.'));
			this.key = text.toString();
		}

		/**
		 * Returns how many elements of the name are a member.
		 */
		private int consumed(String member, int index) {
			if (!this.splitAtDashes) {
				return (index < this.size
						&& member.replace("-", "").equalsIgnoreCase(this.name.getElement(index, Form.UNIFORM))) ? 1 : 0;
			}
			String[] words = member.split("-");
			for (int i = 0; i < words.length; i++) {
				if (index + i >= this.size
						|| !words[i].equalsIgnoreCase(this.name.getElement(index + i, Form.UNIFORM))) {
					return 0;
				}
			}
			return words.length;
		}

	}

	/**
	 * Constructors whose parameters are the names.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			BindableRuntimeHintsRegistrar.forTypes(TYPES).registerHints(hints, classLoader);
		}

	}

}
