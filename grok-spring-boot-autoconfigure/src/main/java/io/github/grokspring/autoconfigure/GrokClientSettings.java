package io.github.grokspring.autoconfigure;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Everything that applies to one client.
 *
 * @param name name of the client, {@code default} for the one without a name
 * @param prefix where its properties are written
 * @param own what is written there
 * @param chat its properties, complete
 */
record GrokClientSettings(String name, String prefix, GrokChatProperties own, GrokChatProperties chat) {

	static final String DEFAULT = "default";

	private static final String CHAT = "grok.chat";

	static final String NAMED = "grok.clients";

	/**
	 * The client without a name.
	 * @param chat what is written below {@code grok.chat}
	 * @return its settings
	 */
	static GrokClientSettings ofDefault(GrokChatProperties chat) {
		return new GrokClientSettings(DEFAULT, CHAT, chat, chat.over(GrokChatProperties.DEFAULTS));
	}

	/**
	 * A named client.
	 * @param name its name as it is written
	 * @param own what is written below its name
	 * @param chat what is written below {@code grok.chat}
	 * @return its settings
	 */
	static GrokClientSettings ofNamed(String name, GrokChatProperties own, GrokChatProperties chat) {
		return new GrokClientSettings(name, NAMED + "." + name, own, own.over(chat).over(GrokChatProperties.DEFAULTS));
	}

	/**
	 * The property that a value comes from.
	 * @param key the key below the prefix
	 * @param value reads the value
	 * @return the name of the property of this client, or of the one it inherits from
	 */
	String property(String key, Function<GrokChatProperties, @Nullable Object> value) {
		return ((value.apply(this.own) != null) ? this.prefix : CHAT) + "." + key;
	}

}
