CREATE TABLE IF NOT EXISTS grok_chat_memory (
	conversation_id VARCHAR(255) NOT NULL,
	message_number INTEGER NOT NULL,
	message TEXT NOT NULL,
	PRIMARY KEY (conversation_id, message_number)
);
