package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.chain.RecordingChatModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a person reads when an application cannot start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTests {

	private static final String GOOD_KEY = "grok.api-key=" + ContextRunners.KEY;

	static Stream<Arguments> failures() {
		return Stream.of(failure("no key anywhere",
				"'grok.api-key' is not set, and neither is the environment variable XAI_API_KEY", "Set 'grok.api-key'"),
				failure("a blank key", "'grok.api-key' is not set", "XAI_API_KEY", "grok.api-key=  "),
				failure("a key of documentation", "is a placeholder instead of a key (read from 'grok.api-key')",
						"https://console.x.ai", "grok.api-key=xai-your-key-here"),
				failure("a key between brackets", "is a placeholder instead of a key", "Set 'grok.api-key'",
						"grok.api-key=<your xai key>".replace(" ", "-")),
				failure("a key of three dots", "is a placeholder instead of a key", "Set 'grok.api-key'",
						"grok.api-key=xai-..."),
				failure("a key of one letter", "is a placeholder instead of a key", "Set 'grok.api-key'",
						"grok.api-key=xai-xxxxxxxxxxxx"),
				failure("a variable of documentation", "is a placeholder instead of a key (read from XAI_API_KEY)",
						"XAI_API_KEY", "XAI_API_KEY=YOUR_API_KEY"),
				failure("a model of OpenAI",
						"'grok.chat.model' is 'gpt-4o', a model of OpenAI, which 'api.x.ai' does not serve",
						"Set the property to an xAI model, for example 'grok-4.3'", GOOD_KEY, "grok.chat.model=gpt-4o"),
				failure("a model of Anthropic for a client", "'grok.clients.deep.model' is 'claude-sonnet-4-5'",
						"'grok.base-url'", GOOD_KEY, "grok.clients.deep.model=claude-sonnet-4-5"),
				failure("a model with its provider", "'grok.chat.model' is 'openai/o3-mini', a model of OpenAI",
						"Set the property to an xAI model", GOOD_KEY, "grok.chat.model=openai/o3-mini",
						"grok.base-url=https://eu-west-1.api.x.ai/v1"),
				failure("a URL among the allowed domains",
						"'grok.chat.tools.web-search.allowed-domains' contains 'https://docs.spring.io/spring-ai', which is a URL",
						"Replace it with 'docs.spring.io'", GOOD_KEY,
						"grok.chat.tools.web-search.allowed-domains=a.com,https://docs.spring.io/spring-ai"),
				failure("a URL among the excluded domains of a client",
						"'grok.clients.news.tools.web-search.excluded-domains' contains 'http://example.com'",
						"Replace it with 'example.com'", GOOD_KEY,
						"grok.clients.news.tools.web-search.excluded-domains=http://example.com"),
				failure("a stop sequence that is refused and must not be dropped",
						"'grok.chat.stop' is set, but 'grok-4.3' rejects it and 'grok.scrub.on-unsupported' is 'fail'",
						"Remove the property, choose another model, or set 'grok.scrub.on-unsupported' to 'drop'",
						GOOD_KEY, "grok.chat.stop=END", "grok.scrub.on-unsupported=fail"),
				failure("an inherited penalty that is refused and must not be dropped",
						"'grok.chat.presence-penalty' is set, but 'grok-4.3' rejects it", "Remove the property",
						GOOD_KEY, "grok.chat.presence-penalty=1", "grok.scrub.on-unsupported=fail"),
				failure("a token limit that is refused and must not be dropped",
						"'grok.clients.team.max-tokens' is set, but 'grok-4.20-multi-agent' rejects it",
						"Remove the property", GOOD_KEY, "grok.clients.team.model=grok-4.20-multi-agent",
						"grok.clients.team.max-tokens=10", "grok.scrub.on-unsupported=fail"),
				failure("a pattern with a name in capitals",
						"'grok.redaction.patterns.TICKET' is not a valid regular expression", "java.util.regex.Pattern",
						GOOD_KEY, "grok.redaction.patterns.TICKET=["),
				failure("a limit with a currency", "'grok.budgets.day.limit' is '$50', which is not a number",
						"Set the property to a number without a currency or unit", GOOD_KEY,
						"grok.budgets.day.limit=$50"),
				failure("a timeout with a unit in words",
						"'grok.http.read-timeout' is '30 sec', which is not a duration",
						"Set the property to a number and a unit without a space, for example 500ms, 30s", GOOD_KEY,
						"grok.http.read-timeout=30 sec"),
				failure("a size with a unit in words",
						"'grok.http.max-response-size' is '64 megabytes', which is not a data size",
						"for example 512KB or 64MB", GOOD_KEY, "grok.http.max-response-size=64 megabytes"),
				failure("a number with separators",
						"'grok.clients.fast.max-tokens' is '1,000', which is not a whole number",
						"Set the property to digits without a unit", GOOD_KEY, "grok.clients.fast.max-tokens=1,000"),
				failure("a number that is too large", "'grok.chat.max-tokens' is '99999999999', which is too large.",
						"Set the property to a smaller number.", GOOD_KEY, "grok.chat.max-tokens=99999999999"),
				failure("a number with a comma", "'grok.chat.temperature' is '0,7', which is not a number",
						"with a decimal point", GOOD_KEY, "grok.chat.temperature=0,7"),
				failure("a switch with a word", "'grok.redaction.enabled' is 'maybe', which is neither true nor false",
						"Set the property to true or false", GOOD_KEY, "grok.redaction.enabled=maybe"),
				failure("a placeholder without a value", "refers to ${SOME_UNSET_KEY}, which is not set",
						"Set 'grok.api-key'", "grok.api-key=${SOME_UNSET_KEY}"),
				failure("nothing but quotes", "'grok.api-key' is blank", "Set 'grok.api-key'", "grok.api-key=\"\""),
				failure("a key in two pieces", "contains whitespace", "Copy the complete key",
						"grok.api-key=xai-abc\ndef"),
				failure("a key of OpenAI", "begins with 'sk-'", "https://console.x.ai", "grok.api-key=sk-abcdef"),
				failure("a management key", "which is a management key", "https://console.x.ai",
						"grok.api-key=xai-token-abcdef"),
				failure("a wrong variable",
						"begins with 'sk-', which is a key of another provider (read from XAI_API_KEY)", "XAI_API_KEY",
						"XAI_API_KEY=sk-abcdef"),
				failure("a base URL without scheme", "'grok.base-url' is 'api.x.ai/v1', which has no scheme",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=api.x.ai/v1"),
				failure("a base URL that is only a host", "which has no scheme",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=api.x.ai"),
				failure("a base URL with a misspelt scheme", "which has no scheme",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=https//api.x.ai/v1"),
				failure("a base URL of xAI without encryption", "would send the API key unencrypted",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=http://api.x.ai/v1"),
				failure("a base URL of another machine without encryption",
						"would send the API key and all prompts unencrypted to 'gateway.example.com'",
						"Set the property to 'https://gateway.example.com:8080/v1', or set 'grok.http.allow-insecure'",
						GOOD_KEY, "grok.base-url=http://gateway.example.com:8080/v1"),
				failure("a base URL in capitals without encryption", "unencrypted to '10.0.0.7'",
						"'grok.http.allow-insecure'", GOOD_KEY, "grok.base-url=HTTP://10.0.0.7/v1"),
				failure("a base URL that only looks like the loopback interface", "unencrypted to",
						"'grok.http.allow-insecure'", GOOD_KEY, "grok.base-url=http://127.0.0.1.example.com/v1"),
				failure("an MCP server with a secret and without encryption",
						"'grok.chat.tools.mcp[0].url' has the scheme http", "'grok.http.allow-insecure'", GOOD_KEY,
						"grok.chat.tools.mcp[0].label=desk", "grok.chat.tools.mcp[0].url=http://mcp.example.com/sse",
						"grok.chat.tools.mcp[0].authorization=Bearer secret"),
				failure("a size of responses that cannot be", "'grok.http.max-response-size'",
						"Set the property to a size, for example 64MB", GOOD_KEY, "grok.http.max-response-size=0B"),
				failure("a keep-alive that cannot be", "'grok.http.tcp-keep-alive.idle' is 0 ms",
						"Set the property to a duration, for example 60s", GOOD_KEY,
						"grok.http.tcp-keep-alive.idle=0s"),
				failure("a key among the headers", "'Authorization', which the API key would overwrite",
						"Set 'grok.api-key' to the key", GOOD_KEY, "grok.http.headers.Authorization=Bearer xai-abc"),
				failure("a base URL without /v1", "does not end with /v1",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=https://api.x.ai"),
				failure("a base URL with /v1 twice", "contains /v1 twice",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY,
						"grok.base-url=https://api.x.ai/v1/v1/"),
				failure("a base URL of an endpoint", "continues after /v1",
						"Set 'grok.base-url' to 'https://api.x.ai/v1'", GOOD_KEY,
						"grok.base-url=https://api.x.ai/v1/chat/completions"),
				failure("an unknown transport",
						"'grok.chat.transport' is 'carrier-pigeon', which is not a supported value",
						"Set the property to one of: native, spring-ai", GOOD_KEY,
						"grok.chat.transport=carrier-pigeon"),
				failure("an unknown effort of a client",
						"'grok.clients.deep.reasoning-effort' is 'extreme', which is not a supported value",
						"Set the property to one of: none, low, medium, high, xhigh", GOOD_KEY,
						"grok.clients.deep.reasoning-effort=extreme"),
				failure("an unknown protocol", "'grok.http.protocol' is 'h3', which is not a supported value",
						"Set the property to one of: http1.1, h2", GOOD_KEY, "grok.http.protocol=h3"),
				failure("a tool with an endpoint that does not serve it",
						"'grok.chat.api' is 'chat-completions', but the client uses the server-side tool 'web_search', "
								+ "which requires the Responses API",
						"Set the property to 'auto' or 'responses'", GOOD_KEY, "grok.chat.api=chat-completions",
						"grok.chat.tools.web-search.enabled=true"),
				failure("encrypted reasoning with an endpoint that does not serve it",
						"'grok.clients.deep.api' is 'chat-completions', but the client uses encrypted reasoning",
						"Set the property to 'auto' or 'responses'", GOOD_KEY, "grok.clients.deep.api=chat-completions",
						"grok.chat.encrypted-reasoning=true"),
				failure("the Responses API over a transport that does not serve it",
						"'grok.clients.deep.api' is 'responses', which the transport 'spring-ai' does not support",
						"Set 'grok.chat.transport' to 'native'", GOOD_KEY, "grok.chat.transport=spring-ai",
						"grok.chat.api=chat-completions", "grok.clients.deep.api=responses"),
				failure("a tool over a transport that does not serve it",
						"'grok.chat.transport' is 'spring-ai', but the client uses the server-side tool 'x_search'",
						"Set the property to 'native'", GOOD_KEY, "grok.chat.transport=spring-ai",
						"grok.chat.tools.x-search.enabled=true"),
				failure("allowed and excluded domains",
						"'grok.chat.tools.web-search.allowed-domains' is set together with 'excluded-domains'",
						"Remove one of them", GOOD_KEY, "grok.chat.tools.web-search.allowed-domains=a.com",
						"grok.chat.tools.web-search.excluded-domains=b.com"),
				failure("six domains",
						"'grok.chat.tools.web-search.allowed-domains' has 6 entries, but xAI accepts at most 5",
						"Reduce the list to 5 entries", GOOD_KEY,
						"grok.chat.tools.web-search.allowed-domains=a,b,c,d,e,f"),
				failure("an empty domain", "'grok.chat.tools.web-search.excluded-domains' contains an empty entry",
						"Remove the empty entry", GOOD_KEY, "grok.chat.tools.web-search.excluded-domains[0]=a.com",
						"grok.chat.tools.web-search.excluded-domains[1]= "),
				failure("twenty-one handles",
						"'grok.clients.x.tools.x-search.excluded-handles' has 21 entries, but xAI accepts at most 20",
						"Reduce the list to 20 entries", GOOD_KEY,
						"grok.clients.x.tools.x-search.excluded-handles=" + "a,".repeat(20) + "b"),
				failure("allowed and excluded handles",
						"'grok.chat.tools.x-search.allowed-handles' is set together with 'excluded-handles'",
						"Remove one of them", GOOD_KEY, "grok.chat.tools.x-search.allowed-handles=a",
						"grok.chat.tools.x-search.excluded-handles=b"),
				failure("a day that is none",
						"'grok.chat.tools.x-search.from-date' is '2026-02-30', which is not a date",
						"for example 2026-01-31", GOOD_KEY, "grok.chat.tools.x-search.from-date=2026-02-30"),
				failure("days in the wrong order",
						"'grok.chat.tools.x-search.to-date' is 2026-01-01, which is before 'from-date' (2026-02-01)",
						"not before 'from-date'", GOOD_KEY, "grok.chat.tools.x-search.from-date=2026-02-01",
						"grok.chat.tools.x-search.to-date=2026-01-01"),
				failure("a search of no collections",
						"'grok.chat.tools.file-search.collections' is not set, but 'enabled' is 'true'",
						"Set the property to the ids of the collections", GOOD_KEY,
						"grok.chat.tools.file-search.enabled=true"),
				failure("an MCP server without a name", "'grok.chat.tools.mcp[0].label' is not set",
						"Set the property to a label for the MCP server", GOOD_KEY,
						"grok.chat.tools.mcp[0].url=https://mcp.example.com"),
				failure("an MCP server that is nowhere", "'grok.chat.tools.mcp[0].url' is 'mcp.example.com'",
						"Set the property to the URL at which xAI reaches the MCP server", GOOD_KEY,
						"grok.chat.tools.mcp[0].label=tickets", "grok.chat.tools.mcp[0].url=mcp.example.com"),
				failure("no turns", "'grok.chat.max-turns' is 0 but must be at least 1",
						"Set the property to the maximum number of tool rounds", GOOD_KEY, "grok.chat.max-turns=0"),
				failure("an effort that the model refuses",
						"'grok.chat.reasoning-effort' is 'none', which 'grok-4.7' rejects",
						"Set the property to one of low, medium, high, xhigh, or remove it to use the default 'high'",
						GOOD_KEY, "grok.chat.model=grok-4.7", "grok.chat.reasoning-effort=none"),
				failure("an effort for a model that takes none",
						"'grok.clients.deep.reasoning-effort' is 'high', but 'grok-4.20-reasoning' rejects a reasoning effort, because it always reasons",
						"Remove the property, or choose a model", GOOD_KEY,
						"grok.clients.deep.model=grok-4.20-reasoning", "grok.clients.deep.reasoning-effort=high"),
				failure("an effort for a model that a client inherits",
						"'grok.clients.deep.reasoning-effort' is 'none', which 'grok-4.5' rejects",
						"Set the property to one of low", GOOD_KEY, "grok.chat.model=grok-4.5",
						"grok.clients.deep.reasoning-effort=none"),
				failure("a model of the Responses API",
						"'grok.chat.api' is 'chat-completions', but the client uses the model 'grok-4.20-multi-agent', "
								+ "which requires the Responses API",
						"Set the property to 'auto' or 'responses'", GOOD_KEY, "grok.chat.api=chat-completions",
						"grok.chat.model=grok-4.20-multi-agent"),
				failure("a model that does not chat",
						"'grok.clients.art.model' is 'grok-imagine-image-2.0', which produces",
						"Set the property to a chat model", GOOD_KEY, "grok.clients.art.model=grok-imagine-image-2.0"),
				failure("a temperature out of range",
						"'grok.clients.hot.temperature' is 3.5 but must be between 0 and 2",
						"Set the property to a number from 0 to 2", GOOD_KEY, "grok.clients.hot.temperature=3.5"),
				failure("a limit of nothing", "'grok.chat.max-tokens' is 0 but must be at least 1",
						"Set the property to the maximum number of visible tokens", GOOD_KEY, "grok.chat.max-tokens=0"),
				failure("a timeout of nothing", "'grok.http.read-timeout' is 0 ms but must be longer than 0",
						"Set the property to a duration", GOOD_KEY, "grok.http.read-timeout=0s"),
				failure("no connections", "'grok.http.max-connections' is 0", "Set the property to the maximum number",
						GOOD_KEY, "grok.http.max-connections=0"),
				failure("a rate of nothing", "'grok.rate-limit.requests-per-minute' is 0 but must be at least 1",
						"Set the property to the maximum number of requests per minute", GOOD_KEY,
						"grok.rate-limit.requests-per-minute=0"),
				failure("a rate below nothing", "'grok.rate-limit.tokens-per-minute' is -1",
						"Set the property to the maximum number of tokens per minute", GOOD_KEY,
						"grok.rate-limit.tokens-per-minute=-1"),
				failure("fewer requests at once than none", "'grok.rate-limit.max-concurrent' is -1", "0 for no limit",
						GOOD_KEY, "grok.rate-limit.max-concurrent=-1"),
				failure("a queue shorter than none", "'grok.rate-limit.max-queued' is -1", "0 for none", GOOD_KEY,
						"grok.rate-limit.max-queued=-1"),
				failure("waiting for less than no time", "'grok.rate-limit.max-wait' is -1000 ms",
						"Set the property to a duration", GOOD_KEY, "grok.rate-limit.max-wait=-1s"),
				failure("rates in Redis",
						"'grok.rate-limit.store' is 'redis', but this version supports local rate limits",
						"Set the property to 'auto' or 'local'", GOOD_KEY, "grok.rate-limit.store=redis"),
				failure("rates nowhere", "'grok.rate-limit.store' is 'paper', which is not a supported value",
						"Set the property to one of: auto, local, redis", GOOD_KEY, "grok.rate-limit.store=paper"),
				failure("half a proxy", "'grok.http.proxy.port' is not set",
						"Set the property to the port of the proxy", GOOD_KEY,
						"grok.http.proxy.host=proxy.example.com"),
				failure("an unknown SSL bundle", "'grok.http.ssl-bundle' is 'nowhere', but there is no SSL bundle",
						"spring.ssl.bundle.pem.nowhere", GOOD_KEY, "grok.http.ssl-bundle=nowhere"),
				failure("a client called like a bean",
						"'grok.clients.taken' requires the bean names 'takenChatClient' and 'taken', "
								+ "but there already is a bean named 'taken'",
						"Rename the client or the bean", GOOD_KEY, "grok.clients.taken.model=grok-4.5"),
				failure("a client whose bean is called like a bean", "already is a bean named 'otherChatClient'",
						"Rename the client or the bean", GOOD_KEY, "grok.clients.other.model=grok-4.5"),
				failure("a client called like our own", "already is a bean named 'grokChatClient'",
						"Rename the client or the bean", GOOD_KEY, "grok.clients.grok.model=grok-4.5"),
				failure("a client called default", "'grok.clients.default' has the reserved name of the default client",
						"to 'grok.chat'", GOOD_KEY, "grok.clients.default.model=grok-4.5"),
				failure("a refresh at no time",
						"'grok.catalog.refresh' is 'sometimes', which is neither 'never' nor 'startup'",
						"Set the property to 'never', 'startup' or an interval", GOOD_KEY,
						"grok.catalog.refresh=sometimes"),
				failure("a refresh all the time", "'grok.catalog.refresh' is '0s'",
						"Set the property to 'never', 'startup'", GOOD_KEY, "grok.catalog.refresh=0s"),
				failure("a refresh too often", "'grok.catalog.refresh' is '59', which is shorter than one minute",
						"Set the property to 'never', 'startup' or an interval of at least one minute", GOOD_KEY,
						"grok.catalog.refresh=59"),
				failure("an effort of a model without a default",
						"'grok.chat.reasoning-effort' is 'medium', which 'grok-4.20-reasoning' rejects",
						"Set the property to one of low, high, or remove it.", GOOD_KEY,
						"grok.chat.model=grok-4.20-reasoning", "grok.chat.reasoning-effort=medium",
						"grok.models.[grok-4.20-reasoning].reasoning-efforts=low,high"),
				failure("a price finer than a tick",
						"'grok.models[grok-4.3].price.input' is 1.00001, which has more than 4 decimal places",
						"for example 1.25", GOOD_KEY, "grok.models.[grok-4.3].price.input=1.00001"),
				failure("a price below nothing",
						"'grok.models[grok-4.3].price.output' is -1, which is not between 0 and 1000000",
						"US dollars per million tokens", GOOD_KEY, "grok.models.[grok-4.3].price.output=-1"),
				failure("half a price", "'grok.models[grok-5].price.output' is not set, and the catalog has no price",
						"Set prices for both input and output", GOOD_KEY, "grok.models.[grok-5].price.input=1"),
				failure("a long prompt of unknown length",
						"'grok.models[grok-3-fast].price.long-context-threshold' is not set",
						"Set the property to the number of prompt tokens", GOOD_KEY,
						"grok.models.[grok-3-fast].price.long-context-input=1"),
				failure("a threshold below nothing", "'grok.models[grok-4.3].price.long-context-threshold' is -1",
						"or to 0 if none is", GOOD_KEY, "grok.models.[grok-4.3].price.long-context-threshold=-1"),
				failure("a window of nothing", "'grok.models[grok-4.3].context-window' is 0",
						"Set the property to the size of the context window", GOOD_KEY,
						"grok.models.[grok-4.3].context-window=0"),
				failure("an unknown effort of a model",
						"'grok.models[grok-4.3].reasoning-effort-default' is 'extreme', which is not a supported value",
						"Set the property to one of: none, low, medium, high, xhigh", GOOD_KEY,
						"grok.models.[grok-4.3].reasoning-effort-default=extreme"),
				failure("a default effort that the model refuses",
						"'grok.models[grok-4.7].reasoning-effort-default' is 'none', which is not an effort that this model accepts",
						"Set the property to one of: low, medium, high, xhigh", GOOD_KEY,
						"grok.models.[grok-4.7].reasoning-effort-default=none"),
				failure("an alias that is another model", "'grok.models[grok-4.3].aliases' contains 'grok-3'",
						"choose another name", GOOD_KEY, "grok.models.[grok-4.3].aliases=grok-3"),
				failure("an alias without letters", "'grok.models[grok-4.3].aliases' contains an empty entry",
						"Set the property to names of the model", GOOD_KEY, "grok.models.[grok-4.3].aliases[0]="),
				failure("an id without brackets", "'grok.models.grok-4.3.price.input' does not belong to a model",
						"Enclose the id in brackets and quotation marks: \"[grok-4.3]\"", GOOD_KEY,
						"grok.models.grok-4.3.price.input=1"),
				failure("a threshold above all", "'grok.circuit-breaker.failure-rate-threshold' is 150",
						"Set the property to a percentage", GOOD_KEY,
						"grok.circuit-breaker.failure-rate-threshold=150"),
				failure("a window of nothing", "'grok.circuit-breaker.sliding-window' is 0 ms",
						"Set the property to a duration, for example 30s", GOOD_KEY,
						"grok.circuit-breaker.sliding-window=0s"),
				failure("a window in split seconds",
						"'grok.circuit-breaker.sliding-window' is 1500 ms but must be between 1s and 1h",
						"Set the property to a duration, for example 30s", GOOD_KEY,
						"grok.circuit-breaker.sliding-window=1500ms"),
				failure("an open circuit of no time",
						"'grok.circuit-breaker.open-duration' is 0 ms but must be longer than 0",
						"Set the property to a duration", GOOD_KEY, "grok.circuit-breaker.open-duration=0s"),
				failure("slow in no time", "'grok.circuit-breaker.slow-call-duration' is -1000 ms",
						"Set the property to a duration", GOOD_KEY, "grok.circuit-breaker.slow-call-duration=-1s"),
				failure("no calls to judge by", "'grok.circuit-breaker.minimum-calls' is 0 but must be at least 1",
						"Set the property to a number of calls", GOOD_KEY, "grok.circuit-breaker.minimum-calls=0"),
				failure("no calls to probe with", "'grok.circuit-breaker.half-open-calls' is 0",
						"Set the property to a number", GOOD_KEY, "grok.circuit-breaker.half-open-calls=0"),
				failure("an unknown fallback model",
						"'grok.fallback.models' contains 'grok-4.33', which is not in the model catalog; similar models: 'grok-4.3'",
						"Replace it with the id of a", GOOD_KEY, "grok.fallback.models=grok-4.7,grok-4.33"),
				failure("a retired fallback model", "'grok.fallback.models' contains 'grok-3-mini', which xAI retired",
						"Replace it with 'grok-4.3'", GOOD_KEY, "grok.fallback.models=grok-3-mini"),
				failure("a fallback model that answers elsewhere",
						"'grok.fallback.models' contains 'grok-3', which xAI retired on", "Replace it with 'grok-4.3'",
						GOOD_KEY, "grok.fallback.models=grok-3"),
				failure("a fallback model that draws",
						"'grok.fallback.models' contains 'grok-imagine-image', which this version does not support as a chat model",
						"Remove it", GOOD_KEY, "grok.fallback.models=grok-imagine-image"),
				failure("a fallback model by two names",
						"'grok.fallback.models' contains 'grok-4.5' and 'grok-4.5-latest', which are the same model",
						"Remove the duplicate", GOOD_KEY, "grok.fallback.models=grok-4.5,grok-4.5-latest"),
				failure("a fallback model twice", "'grok.fallback.models' contains 'grok-4.7' twice",
						"Remove the duplicate", GOOD_KEY, "grok.fallback.models=grok-4.7,grok-4.7"),
				failure("a fallback model without a name", "'grok.fallback.models' contains an empty entry",
						"Replace it with the id of a", GOOD_KEY, "grok.fallback.models[0]=grok-4.7",
						"grok.fallback.models[1]="),
				failure("an unknown fallback bean",
						"'grok.fallback.chat-models' contains 'remote', but there is no ChatModel bean of that name; available beans: 'local'",
						"Replace it with the name of a ChatModel bean", GOOD_KEY, "grok.fallback.chat-models=remote"),
				failure("a fallback bean of another kind",
						"contains 'taken', but there is no ChatModel bean of that name",
						"Replace it with the name of a ChatModel bean", GOOD_KEY, "grok.fallback.chat-models=taken"),
				failure("a fallback bean twice", "'grok.fallback.chat-models' contains 'local' twice",
						"Remove the duplicate", GOOD_KEY, "grok.fallback.chat-models=local,local"),
				failure("a fallback to itself",
						"'grok.fallback.chat-models' contains 'grokChatModel', which is a Grok model and would fall back to itself",
						"Add models of xAI to 'grok.fallback.models'", GOOD_KEY,
						"grok.fallback.chat-models=grokChatModel"),
				failure("an unknown failure to fall back on", "is 'bad-mood', which is not a supported value",
						"circuit-open, rate-limit-exceeded, budget-exceeded", GOOD_KEY, "grok.fallback.on=bad-mood"),
				failure("a fallback that is never asked", "'grok.fallback.on' is empty", "Set the property to failures",
						GOOD_KEY, "grok.fallback.models=grok-4.7", "grok.fallback.on="),
				failure("a fallback that is never asked in YAML", "'grok.fallback.on' is empty",
						"Set the property to failures", GOOD_KEY, "grok.fallback.models=grok-4.7",
						"grok.fallback[true]="),
				failure("a key in two lines with quotes around it", "contains whitespace", "Copy the complete key",
						"grok.api-key='xai-abc\ndef'"),
				failure("budgets in Redis", "'grok.budget.store'", "Set the property to 'memory'", GOOD_KEY,
						"grok.budget.store=redis", "grok.budgets.daily.limit=1"),
				failure("budgets nowhere", "'grok.budget.store' is 'paper', which is not a supported value",
						"Set the property to one of: auto, memory, file", GOOD_KEY, "grok.budget.store=paper"),
				failure("a ledger where nothing can be written",
						"'grok.budget.file' is 'pom.xml/ledger', which cannot be used as a ledger",
						"Set the property to the path of a file that this application can write", GOOD_KEY,
						"grok.budgets.daily.limit=1", "grok.budget.file=pom.xml/ledger"),
				failure("an unknown downgrade model",
						"'grok.budgets.daily.downgrade-model' is 'grok-4.33', which is not a known model",
						"Set the property to the id of a known model, for example grok-4.3", GOOD_KEY,
						"grok.budgets.daily.limit=1", "grok.budgets.daily.on-exceeded=downgrade",
						"grok.budgets.daily.downgrade-model=grok-4.33"),
				failure("a budget of an unknown window",
						"'grok.budgets.daily.window' is 'fortnight', which is not a supported value",
						"Set the property to one of: hour, day, month, total", GOOD_KEY, "grok.budgets.daily.limit=1",
						"grok.budgets.daily.window=fortnight"),
				failure("a budget of an unknown zone",
						"'grok.budgets.daily.zone' is 'Berlin', which is not a time zone",
						"Set the property to a time zone, for example UTC, Europe/Berlin or America/New_York.",
						GOOD_KEY, "grok.budgets.daily.limit=1", "grok.budgets.daily.zone=Berlin"),
				failure("a month in words",
						"'grok.models[grok-5].knowledge-cutoff' is 'May 2026', which is not a month",
						"Set the property to a year and a month, for example 2026-05.", GOOD_KEY,
						"grok.models[grok-5].knowledge-cutoff=May 2026"),
				failure("a client that is only a model",
						"'grok.clients.fast' is a group of properties and does not accept a value",
						"Set one of its properties instead: ", GOOD_KEY, "grok.clients.fast=grok-4.3"),
				failure("a list of clients", "'grok.clients' is a group of properties and does not accept a value",
						"Set one of its properties instead: <name>.", GOOD_KEY, "grok.clients=fast,slow"),
				failure("a budget that is only a limit",
						"'grok.budgets.daily' is a group of properties and does not accept a value",
						"Set one of its properties instead: limit, ", GOOD_KEY, "grok.budgets.daily=5"),
				failure("a proxy that is a URL",
						"'grok.http.proxy' is a group of properties and does not accept a value",
						"Set one of its properties instead: host, port", GOOD_KEY, "grok.http.proxy=http://proxy:3128"),
				failure("a tool that is only a switch",
						"'grok.chat.tools.web-search' is a group of properties and does not accept a value",
						"Set one of its properties instead: enabled, ", GOOD_KEY, "grok.chat.tools.web-search=true"),
				failure("a key of a client", "'grok.chat.api-key' does not exist", "Replace it with 'grok.api-key'.",
						GOOD_KEY, "grok.chat.api-key=xai-abcdef"),
				failure("a budget of an unknown scope",
						"'grok.budgets.daily.scope' is 'planet', which is not a supported value",
						"Set the property to one of: all, client, model, tenant", GOOD_KEY,
						"grok.budgets.daily.limit=1", "grok.budgets.daily.scope=planet"),
				failure("an unknown thing to do about an empty budget",
						"'grok.budgets.daily.on-exceeded' is 'pray', which is not a supported value",
						"Set the property to one of: fail, warn, downgrade", GOOD_KEY, "grok.budgets.daily.limit=1",
						"grok.budgets.daily.on-exceeded=pray"),
				failure("an unknown endpoint", "'grok.chat.api' is 'soap', which is not a supported value",
						"Set the property to one of: auto, chat-completions, responses", GOOD_KEY,
						"grok.chat.api=soap"),
				failure("an unknown tier", "'grok.chat.service-tier' is 'royal', which is not a supported value",
						"Set the property to one of: default, priority", GOOD_KEY, "grok.chat.service-tier=royal"),
				failure("an unknown jitter", "'grok.retry.jitter' is 'some', which is not a supported value",
						"Set the property to one of: full, none", GOOD_KEY, "grok.retry.jitter=some"),
				failure("an unknown thing to do about parameters",
						"'grok.scrub.on-unsupported' is 'shout', which is not a supported value",
						"Set the property to one of: drop, fail, pass", GOOD_KEY, "grok.scrub.on-unsupported=shout"),
				failure("an unknown thing to do about a missing price",
						"'grok.cost.on-unpriced' is 'guess', which is not a supported value",
						"Set the property to one of: warn, fail, zero", GOOD_KEY, "grok.cost.on-unpriced=guess"),
				failure("six excluded domains",
						"'grok.chat.tools.web-search.excluded-domains' has 6 entries, but xAI accepts at most 5",
						"Reduce the list to 5 entries", GOOD_KEY,
						"grok.chat.tools.web-search.excluded-domains=a,b,c,d,e,f"),
				failure("twenty-one allowed handles",
						"'grok.chat.tools.x-search.allowed-handles' has 21 entries, but xAI accepts at most 20",
						"Reduce the list to 20 entries", GOOD_KEY,
						"grok.chat.tools.x-search.allowed-handles=" + "a,".repeat(20) + "b"),
				failure("a client no bean can be called like", "contains a client named '1st'", "begins with a letter",
						GOOD_KEY, "grok.clients.1st.model=grok-4.5"));
	}

	private static Arguments failure(String name, String description, String action, String... properties) {
		return Arguments.argumentSet(name, description, action, List.of(properties));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void saysWhatIsWrongAndWhatToWrite(String description, String action, List<String> properties,
			CapturedOutput output) {
		assertThatThrownBy(() -> start(properties).close()).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START");
		assertThat(output.toString().substring(output.toString().indexOf("Description:"))).contains(description);
		assertThat(output.toString().substring(output.toString().indexOf("Action:"))).contains(action);
		assertThat(output).doesNotContain("abcdef").doesNotContain(ContextRunners.KEY);
	}

	@Test
	void twoSpellingsOfOneNameFail(CapturedOutput output) {
		SpringApplication application = application();
		assertThatThrownBy(
				() -> application.run("--" + GOOD_KEY, "--spring.config.location=classpath:clients-twice.yaml"))
			.isNotNull();
		assertThat(output).contains("would both create the bean 'deepThoughtChatClient'")
			.contains("to one of the two names");
	}

	@Test
	void saysWhereTheValueWasWritten(CapturedOutput output) {
		assertThatThrownBy(() -> application().run("--" + GOOD_KEY,
				"--spring.config.location=classpath:clients-out-of-range.yaml"))
			.isNotNull();
		assertThat(output).contains("'grok.clients.hot.top-p' is 7.0 but must be between 0 and 1.")
			.contains("The value comes from class path resource [clients-out-of-range.yaml]");
	}

	private static ConfigurableApplicationContext start(List<String> properties) {
		return application().run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, GrokAutoConfiguration.class,
			GrokChatClientAutoConfiguration.class })
	static class Application {

		@Bean
		List<String> taken() {
			return new ArrayList<>();
		}

		@Bean
		ChatModel local() {
			return new RecordingChatModel();
		}

		@Bean
		List<String> otherChatClient() {
			return new ArrayList<>();
		}

	}

}
