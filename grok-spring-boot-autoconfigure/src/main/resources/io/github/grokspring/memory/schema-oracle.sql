CREATE TABLE grok_chat_memory (
	conversation_id VARCHAR2(255 CHAR) NOT NULL,
	message_number NUMBER(10) NOT NULL,
	message CLOB NOT NULL,
	PRIMARY KEY (conversation_id, message_number)
);
