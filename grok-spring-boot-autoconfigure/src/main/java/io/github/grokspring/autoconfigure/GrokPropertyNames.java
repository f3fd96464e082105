package io.github.grokspring.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/**
 * Names of the properties below {@code grok}, derived from the types that are bound to
 * them. Includes types that the application does not bind.
 */
final class GrokPropertyNames {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("grok");

	static final List<Class<?>> TYPES = List.of(GrokProperties.class, GrokBudgetStoreProperties.class,
			GrokBudgetsProperties.class, GrokCacheProperties.class, GrokCatalogProperties.class,
			GrokChatProperties.class, GrokCircuitBreakerProperties.class, GrokContextProperties.class,
			GrokCostProperties.class, GrokFallbackProperties.class, GrokHealthProperties.class,
			GrokHttpProperties.class, GrokLogProperties.class, GrokMemoryProperties.class, GrokModelsProperties.class,
			GrokPromptGuardProperties.class, GrokRateLimitProperties.class, GrokRedactionProperties.class,
			GrokRetryProperties.class, GrokRunawayGuardProperties.class, GrokScrubProperties.class,
			GrokTokenizerProperties.class);

	private static final String OUR_PACKAGE = "io.github.grokspring.";

	private static final String LIST_INDEX = "[0]";

	private static final String ANY_NAME = "<name>";

	private static final double FARTHEST = 1.25;

	private static final int MOST_SUGGESTIONS = 5;

	/**
	 * Names of other libraries for a property, by their last element.
	 */
	private static final Map<String, String> NAMES_ELSEWHERE = Map.of("timeout", "grok.http.read-timeout",
			"max-retries", "grok.retry.max-attempts");

	/**
	 * Elements of other libraries' names that have no equivalent here.
	 */
	private static final Set<String> FILLERS = Set.of("default", "options");

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
	 * Returns whether a property is below a group of properties that exists, and not that
	 * group itself.
	 * @param name the name of the property
	 * @param variable whether the name is that of an environment variable
	 * @return whether it is below a group
	 */
	boolean isBelowGroup(ConfigurationPropertyName name, boolean variable) {
		return groups().stream()
			.anyMatch((group) -> isBelow(group, new Walk(name, false))
					|| (variable && isBelow(group, new Walk(name, true))));
	}

	private static boolean isBelow(String group, Walk walk) {
		int consumed = walk.consumed(group, 1);
		return consumed > 0 && 1 + consumed < walk.size;
	}

	/**
	 * Returns the names of the groups and maps right below {@code grok}.
	 * @return the names, without {@code grok}
	 */
	List<String> groups() {
		return this.root.entrySet()
			.stream()
			.filter((member) -> !below(member.getValue()).isEmpty())
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Returns the names that exist below a property without a value of its own.
	 * @param name the name of the property
	 * @param variable whether the name is that of an environment variable
	 * @return the names below it, empty if the property takes a value or does not exist
	 */
	List<String> below(ConfigurationPropertyName name, boolean variable) {
		ResolvableType type = type(name, variable);
		return (type != null) ? below(type) : List.of();
	}

	/**
	 * Returns the unit of values without a unit suffix.
	 * @param name the name of the property
	 * @param variable whether the name is that of an environment variable
	 * @return the unit, or {@code null} if the property has none
	 */
	@Nullable String unit(ConfigurationPropertyName name, boolean variable) {
		ResolvableType type = type(name, variable);
		Class<?> bound = (type != null) ? type.toClass() : null;
		return (bound == Duration.class) ? "milliseconds" : (bound == DataSize.class) ? "bytes" : null;
	}

	private @Nullable ResolvableType type(ConfigurationPropertyName name, boolean variable) {
		Walk walk = new Walk(name, false);
		if (!walk.ends(this.root, 1) && variable) {
			walk = new Walk(name, true);
			walk.ends(this.root, 1);
		}
		return walk.end;
	}

	private List<String> below(ResolvableType type) {
		if (isGroup(type)) {
			return List.copyOf(members(type.toClass()).keySet());
		}
		if (!isContainer(type)) {
			return List.of();
		}
		List<String> below = below(element(type));
		if (isMap(type)) {
			return below.isEmpty() ? List.of(ANY_NAME) : below.stream().map((name) -> ANY_NAME + "." + name).toList();
		}
		return below.stream().map((name) -> LIST_INDEX + "." + name).toList();
	}

	/**
	 * Returns the keys of maps that are written in several ways, each of which would
	 * become an entry of its own.
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
	 * @return the nearest names that exist, more than one if they are equally near
	 */
	List<String> nearest(ConfigurationPropertyName name) {
		List<String> elements = new ArrayList<>();
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			elements.add(name.getElement(i, Form.ORIGINAL));
		}
		elements.removeIf((element) -> isNumber(element) || FILLERS.contains(element));
		if (elements.isEmpty()) {
			return List.of();
		}
		String elsewhere = NAMES_ELSEWHERE.get(elements.get(elements.size() - 1));
		if (elsewhere != null && (elements.size() == 1 || (elements.size() == 2 && elements.get(0).equals("chat")))) {
			return List.of(elsewhere);
		}
		List<List<String>> paths = new ArrayList<>();
		this.root.forEach((member, type) -> addPaths(List.of(member), type, paths));
		List<String> nearest = new ArrayList<>();
		double least = FARTHEST;
		for (List<String> path : paths) {
			double distance = PropertyNameDistance.between(elements,
					path.stream().filter((element) -> !element.equals(LIST_INDEX)).toList());
			if (distance < least) {
				least = distance;
				nearest.clear();
			}
			if (distance == least) {
				nearest.add(render(path, name));
			}
		}
		return (nearest.size() <= MOST_SUGGESTIONS) ? nearest : List.of();
	}

	private void addPaths(List<String> path, ResolvableType type, List<List<String>> paths) {
		ResolvableType element = element(type);
		if (isGroup(type)) {
			members(type.toClass()).forEach((member, memberType) -> addPaths(append(path, member), memberType, paths));
		}
		else if (isContainer(type) && isGroup(element)) {
			addPaths(append(path, isMap(type) ? PropertyNameDistance.MAP_KEY : LIST_INDEX), element, paths);
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
			if (element.equals(PropertyNameDistance.MAP_KEY)) {
				// The key of an entry must be followed by another element
				element = (aligned && name.getNumberOfElements() > i + 2) ? mapKey(name.chop(i + 2)) : ANY_NAME;
			}
			else {
				aligned = aligned && name.getNumberOfElements() > i + 1
						&& PropertyNameDistance.isSame(name.getElement(i + 1, Form.ORIGINAL), element);
			}
			text.append(element.startsWith("[") ? "" : ".").append(element);
		}
		return text.toString();
	}

	private static String mapKey(ConfigurationPropertyName name) {
		String key = name.getLastElement(Form.ORIGINAL);
		return name.isLastElementIndexed() ? "[" + key + "]" : key;
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

	static boolean isGroup(ResolvableType type) {
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
	 * Resolves a name from type to type.
	 */
	private final class Walk {

		private final ConfigurationPropertyName name;

		private final int size;

		private final boolean splitAtDashes;

		private @Nullable ConfigurationPropertyName map;

		private @Nullable String key;

		private @Nullable ResolvableType end;

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
			if (type.toClass() == Object.class) {
				return true;
			}
			if (index >= this.size) {
				this.end = type;
				return true;
			}
			if (isMap(type)) {
				return endsInMap(element(type), index);
			}
			if (isContainer(type)) {
				return isNumber(this.name.getElement(index, Form.ORIGINAL)) && ends(element(type), index + 1);
			}
			if (type.toClass() == GrokFallbackProperties.class && UnquotedYamlOn.isWritten(this.name)) {
				return true;
			}
			if (!isGroup(type)) {
				return false;
			}
			Map<String, ResolvableType> members = members(type.toClass());
			// A native image may have been built without hints
			return members.isEmpty() || ends(members, index);
		}

		private boolean endsInMap(ResolvableType value, int index) {
			if (!isGroup(value)) {
				// A map of simple values takes the rest of the name as its key
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
		 * Returns the number of elements of the name that match a member.
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
	 * Constructors whose parameters are property names.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			BindableRuntimeHintsRegistrar.forTypes(TYPES).registerHints(hints, classLoader);
		}

	}

}
