CREATE TABLE grok_chat_memory (
	conversation_id VARCHAR(255) NOT NULL,
	message_number INTEGER NOT NULL,
	message CLOB NOT NULL,
	PRIMARY KEY (conversation_id, message_number)
);
