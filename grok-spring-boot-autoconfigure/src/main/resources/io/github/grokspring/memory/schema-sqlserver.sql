IF OBJECT_ID('grok_chat_memory', 'U') IS NULL
CREATE TABLE grok_chat_memory (
	conversation_id NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
	message_number INTEGER NOT NULL,
	message NVARCHAR(MAX) NOT NULL,
	PRIMARY KEY (conversation_id, message_number)
);
