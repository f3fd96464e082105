package io.github.grokspring.autoconfigure;

/**
 * Everything that applies to one client.
 *
 * @param name name of the client, {@code default} for the one without a name
 * @param prefix where its properties are written
 * @param chat its properties, complete
 */
record GrokClientSettings(String name, String prefix, GrokChatProperties chat) {

	static final String DEFAULT = "default";

	static final String NAMED = "grok.clients";

	/**
	 * The client without a name.
	 * @param chat what is written below {@code grok.chat}
	 * @return its settings
	 */
	static GrokClientSettings ofDefault(GrokChatProperties chat) {
		return new GrokClientSettings(DEFAULT, "grok.chat", chat.over(GrokChatProperties.DEFAULTS));
	}

	/**
	 * A named client.
	 * @param name its name as it is written
	 * @param own what is written below its name
	 * @param chat what is written below {@code grok.chat}
	 * @return its settings
	 */
	static GrokClientSettings ofNamed(String name, GrokChatProperties own, GrokChatProperties chat) {
		return new GrokClientSettings(name, NAMED + "." + name, own.over(chat).over(GrokChatProperties.DEFAULTS));
	}

}
