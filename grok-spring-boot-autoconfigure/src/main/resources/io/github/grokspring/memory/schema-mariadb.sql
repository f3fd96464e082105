CREATE TABLE IF NOT EXISTS grok_chat_memory (
	conversation_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	message_number INTEGER NOT NULL,
	message LONGTEXT NOT NULL,
	PRIMARY KEY (conversation_id, message_number)
);
