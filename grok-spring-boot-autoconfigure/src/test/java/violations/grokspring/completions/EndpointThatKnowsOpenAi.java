package violations.grokspring.completions;

import org.springframework.ai.openai.OpenAiChatOptions;

class EndpointThatKnowsOpenAi {

	OpenAiChatOptions options;

}
