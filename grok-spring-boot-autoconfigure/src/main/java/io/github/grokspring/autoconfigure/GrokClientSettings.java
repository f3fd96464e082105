package io.github.grokspring.autoconfigure;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The effective settings of a client.
 *
 * @param name the name of the client, {@code default} for the default client
 * @param prefix the prefix of its properties
 * @param own the properties below the prefix
 * @param chat its properties, including inherited ones
 */
record GrokClientSettings(String name, String prefix, GrokChatProperties own, GrokChatProperties chat) {

	static final String DEFAULT = "default";

	private static final String CHAT = "grok.chat";

	static final String NAMED = "grok.clients";

	/**
	 * Returns the settings of the default client.
	 * @param chat the properties below {@code grok.chat}
	 * @return the settings
	 */
	static GrokClientSettings ofDefault(GrokChatProperties chat) {
		return new GrokClientSettings(DEFAULT, CHAT, chat, chat.over(GrokChatProperties.DEFAULTS));
	}

	/**
	 * Returns the settings of a named client.
	 * @param name its name as it is written in configuration
	 * @param own the properties below its name
	 * @param chat the properties below {@code grok.chat}
	 * @return the settings
	 */
	static GrokClientSettings ofNamed(String name, GrokChatProperties own, GrokChatProperties chat) {
		return new GrokClientSettings(name, NAMED + "." + name, own, own.over(chat).over(GrokChatProperties.DEFAULTS));
	}

	/**
	 * Returns the name of the property that a value comes from.
	 * @param key the key below the prefix
	 * @param value reads the value
	 * @return the property of this client, or the one of the default client if inherited
	 */
	String property(String key, Function<GrokChatProperties, @Nullable Object> value) {
		return ((value.apply(this.own) != null) ? this.prefix : CHAT) + "." + key;
	}

}
