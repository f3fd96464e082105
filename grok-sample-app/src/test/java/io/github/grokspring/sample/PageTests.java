package io.github.grokspring.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page in a browser, with the mock of xAI. Saves screenshots in
 * {@code target/screenshots}.
 */
@OfflineSample
@Timeout(180)
class PageTests {

	private static final String ANSWER = ".turn.assistant:last-child";

	private static final String DONE = ANSWER + " .details";

	@RegisterExtension
	static final Browser browser = new Browser();

	private final String url;

	private final XaiServer xai;

	private final MockResponses rehearsal;

	private final CircuitBreakers breakers;

	PageTests(@Autowired XaiServer xai, @Autowired MockResponses rehearsal, @Autowired CircuitBreakers breakers,
			@LocalServerPort int port) {
		this.xai = xai;
		this.rehearsal = rehearsal;
		this.breakers = breakers;
		this.url = "http://localhost:" + port + "/";
	}

	@BeforeEach
	void open() {
		this.rehearsal.script(Fault.NONE);
		this.breakers.statuses().stream().map(CircuitBreakerStatus::name).forEach(this.breakers::reset);
		browser.open(this.url);
	}

	@Test
	void anAnswerGrowsAndTellsWhatItCost() {
		browser.screenshot("welcome");
		ask("Why is the sky blue?");
		browser.awaitText(ANSWER + " .text", "molecules");
		assertThat(this.xai.openStreams()).as("streams that the model is still writing").isOne();
		assertThat(browser.find(ANSWER).getDomAttribute("aria-busy")).isEqualTo("true");
		browser.screenshot("writing");
		WebElement details = browser.await(DONE);
		assertThat(browser.find(ANSWER + " .text").getText()).contains("Rayleigh scattering").doesNotContain("**");
		assertThat(browser.findAll(ANSWER + " .text ol > li")).hasSize(3);
		assertThat(browser.findAll(ANSWER + " .text tbody tr")).hasSize(3);
		assertThat(details.getText()).contains("grok-4.3", "$", "tokens", " s");
		details.findElement(By.tagName("summary")).click();
		assertThat(details.getText()).containsSubsequence("Model", "Tokens", "output", "Cost", "reported by xAI",
				"Time to first token", "Duration", "Attempts", "1", "Request ID");
		browser.screenshot("answer");
	}

	@Test
	void reasoningIsApartAndOpensOnRequest() {
		ask("Why is the sky blue?");
		WebElement reasoning = browser.await(ANSWER + " .reasoning");
		assertThat(reasoning.getText()).isEqualTo("Reasoning");
		reasoning.findElement(By.tagName("summary")).click();
		browser.awaitText(ANSWER + " .reasoning", "Rayleigh scattering, not refraction");
		browser.await(DONE);
		assertThat(browser.find(ANSWER + " .text").getText()).doesNotContain("refraction");
	}

	@Test
	void stopStopsTheModel() {
		browser.find("#faults input[value=slow]").click();
		browser.awaitText("#fault-state", "Slow responses");
		ask("Tell me something.");
		browser.awaitText(ANSWER + " .text", "This response");
		browser.find("#stop").click();
		assertThat(browser.await(ANSWER + " .stopped").getText()).isEqualTo("You stopped the response here.");
		await().atMost(Duration.ofSeconds(30)).until(() -> this.xai.openStreams() == 0);
		assertThat(this.xai.abortedExchanges()).isOne();
		awaitFocus("message");
		browser.screenshot("stopped");
	}

	@Test
	void sourcesAreFootnotes() {
		browser.find(".suggestion[data-search=true]").click();
		WebElement sources = browser.await(ANSWER + " .sources");
		WebElement source = sources.findElement(By.tagName("a"));
		assertThat(source.getDomProperty("href")).startsWith("https://example.com/");
		assertThat(source.getDomAttribute("rel")).contains("noopener");
		assertThat(browser.find(ANSWER + " .text sup a").getDomProperty("href"))
			.isEqualTo(source.getDomProperty("href"));
		assertThat(browser.find(ANSWER + " .tools").getText()).contains("web_search", "completed");
		assertThat(this.xai.lastRequest().path()).isEqualTo("/v1/responses");
		browser.find(DONE + " summary").click();
		browser.screenshot("sources");
	}

	@Test
	void sourcesHaveTheNumbersOfTheirMarks() {
		this.xai.reset();
		this.xai.answers("Late.[[3]](https://example.com/late) Early.[[1]](https://example.com/early)")
			.searchingTheWeb("order", "https://example.com/unused", "https://example.com/late",
					"https://example.com/early");
		browser.find("#search").click();
		ask("In which order?");
		browser.await(DONE);
		List<WebElement> sources = browser.findAll(ANSWER + " .sources li");
		assertThat(sources).extracting(WebElement::getText).startsWith("example.com/early", "example.com/late");
		assertThat(sources).extracting((source) -> source.getDomProperty("value")).startsWith("1", "3");
	}

	@Test
	void toolsThatAreUsedAreShown() {
		ask("What is the weather in Lisbon?");
		WebElement tool = browser.awaitText(ANSWER + " .tools", "sunny");
		assertThat(tool.getText()).contains("currentWeather", "Lisbon", "21");
		browser.await(DONE).click();
		assertThat(browser.find(DONE).getText()).contains("in 2 rounds with tools");
		browser.screenshot("tool");
	}

	@Test
	void anOutageIsToldInWordsAndOver() {
		browser.find("#faults input[value=outage]").click();
		browser.awaitText("#fault-state", "Outage of xAI");
		ask("Why is the sky blue?");
		WebElement problem = browser.await(ANSWER + " .problem");
		assertThat(problem.getDomAttribute("role")).isEqualTo("alert");
		assertThat(problem.getText()).contains("overloaded", "Try again", "Kind:");
		browser.screenshot("outage");
		browser.find("#faults input[value=none]").click();
		browser.awaitText("#fault-state", "No fault is simulated");
		problem.findElement(By.tagName("button")).click();
		browser.await(DONE);
		assertThat(browser.find(ANSWER + " .text").getText()).contains("Rayleigh scattering");
	}

	@Test
	void repeatedOutagesOpenTheCircuitBreaker() {
		this.rehearsal.script(Fault.OUTAGE);
		for (int i = 1; i <= 2; i++) {
			ask("Are you there?");
			browser.await("problem " + i,
					(page) -> page.findAll(".problem").size() == page.findAll(".turn.user").size());
		}
		browser.awaitText("#breakers", "open until");
		browser.screenshot("breaker");
	}

	@Test
	void whenOneModelIsOutAnotherAnswers() {
		this.rehearsal.script(Fault.MODEL_OUTAGE);
		ask("Why is the sky blue?");
		assertThat(browser.await(DONE).getText()).contains("grok-4.5");
	}

	@Test
	void aRefusedRequestIsTriedAgain() {
		this.rehearsal.script(Fault.RATE_LIMIT);
		ask("Why is the sky blue?");
		assertThat(browser.await(DONE).getText()).contains("3 attempts");
	}

	@Test
	void whatBreaksOffStaysAndIsSaidToBeIncomplete() {
		this.rehearsal.script(Fault.BROKEN_STREAM);
		ask("Go on.");
		assertThat(browser.await(ANSWER + " .problem").getText()).contains("The response broke off", "incomplete")
			.doesNotContain("status 200");
		assertThat(browser.find(ANSWER + " .text").getText()).startsWith("This response starts");
	}

	@Test
	void aKeyboardIsEnough() {
		awaitFocus("message");
		browser.press("Show me a record");
		browser.pressShift(Keys.ENTER);
		browser.press("in Java.", Keys.ENTER);
		browser.awaitText(ANSWER + " .text", "record");
		assertThat(browser.find(".turn.user").getText()).isEqualTo("Show me a record\nin Java.");
		browser.press(Keys.ESCAPE);
		browser.await(ANSWER + " .stopped");
		browser.press(Keys.TAB);
		awaitFocus("client");
		browser.press("f", Keys.TAB, Keys.SPACE, Keys.TAB);
		assertThat(browser.find("#client").getDomProperty("value")).isEqualTo("fast");
		assertThat(browser.find("#search").isSelected()).isTrue();
		awaitFocus("send");
		browser.pressShift(Keys.TAB);
		browser.pressShift(Keys.TAB);
		browser.pressShift(Keys.TAB);
		browser.press("And now?", Keys.ENTER);
		assertThat(browser.await(DONE).getText()).contains("grok-4.3");
		assertThat(this.xai.lastRequest().body()).contains("\"none\"");
	}

	@Test
	void screenReadersHearTheAnswerSentenceBySentence() {
		ask("Why is the sky blue?");
		browser.await(DONE);
		WebElement announcer = browser.find("#announcer");
		assertThat(announcer.getDomAttribute("aria-live")).isEqualTo("polite");
		String heard = (String) browser.run("return arguments[0].textContent", announcer);
		assertThat(heard).contains("Sunlight is a mix of all colours.", "Rayleigh scattering").doesNotContain("**");
		assertThat((Long) browser.run("return arguments[0].childElementCount", announcer)).isGreaterThan(3);
	}

	@Test
	void nothingThatAModelSaysBecomesMarkup() {
		this.xai.reset();
		this.xai.answers("""
				<img src=x onerror="window.stolen = true"> <b>bold</b>

				[click](javascript:alert(1)) [data](data:text/html,hello) [fine](https://example.com/a?b=c)

				```html
				<script>window.stolen = true</script>
				```
				""");
		ask("Attack me.");
		browser.await(DONE);
		assertThat(browser.findAll(ANSWER + " .text :is(img, b, script)")).isEmpty();
		assertThat(browser.findAll(ANSWER + " .text a")).extracting((link) -> link.getDomAttribute("href"))
			.containsExactly("https://example.com/a?b=c");
		assertThat(browser.find(ANSWER + " .text").getText()).contains("<img src=x onerror=", "<b>bold</b>", "click",
				"<script>window.stolen = true</script>");
		assertThat(browser.run("return window.stolen === undefined")).isEqualTo(true);
	}

	@Test
	void markdownIsRendered() {
		this.xai.reset();
		this.xai.answers("""
				# Title

				A paragraph with **strong**, *emphasis*, `code`, snake_case_name and 2 * 3 * 4.

				- one
				  - nested
				- two

				3. three
				4. four

				> quoted

				---

				Line with a bare link https://example.com/page.
				""");
		ask("Show everything.");
		browser.await(DONE);
		String html = (String) browser.run("return document.querySelector('" + ANSWER + " .text').innerHTML");
		assertThat(html).contains("<h3>Title</h3>", "<strong>strong</strong>", "<em>emphasis</em>", "<code>code</code>",
				"snake_case_name and 2 * 3 * 4.", "<ul><li>one<ul><li>nested</li></ul></li><li>two</li></ul>",
				"<ol start=\"3\"><li>three</li><li>four</li></ol>", "<blockquote><p>quoted</p></blockquote>", "<hr>",
				">https://example.com/page</a>.");
	}

	@Test
	void theConversationSurvivesAReloadUntilANewOneBegins() {
		ask("My name is Ada.");
		browser.await(DONE);
		browser.reload();
		browser.awaitText(".turn.user", "My name is Ada.");
		ask("What is my name?");
		browser.awaitText(ANSWER + " .text", "Ada");
		browser.await(DONE);
		browser.find("#new-conversation").click();
		browser.await("#welcome");
		ask("What is my name?");
		browser.awaitText(ANSWER + " .text", "You have not told me");
	}

	@Test
	void thePanelShowsWhatIsSpent() {
		ask("Why is the sky blue?");
		browser.await(DONE);
		browser.awaitText("#breakers", "closed");
		browser.await("spent money",
				(page) -> Double.parseDouble(page.find("#budgets progress").getDomProperty("value")) > 0);
		assertThat(browser.find("#budgets").getText()).contains("daily", "of $5.00");
		assertThat(browser.find("#health").getText()).isEqualTo("up");
	}

	@Test
	void looksAtOnceWhenThePageIsShownAgain() {
		browser.awaitText("#health", "up");
		String count = "return performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/api/status')).length";
		browser.await("second look", (page) -> (Long) page.run(count) >= 2);
		browser.run("Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
				+ "document.dispatchEvent(new Event('visibilitychange')); window.timers = 0;"
				+ "const plain = window.setTimeout; window.setTimeout = (...all) => { window.timers++; return plain(...all); };");
		browser.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
		browser.await("timer after the page is shown again", (page) -> (Long) page.run("return window.timers") > 0);
	}

	@Test
	void fitsAPhone() {
		browser.showAs(390, 844);
		browser.reload();
		browser.await("#welcome");
		browser.screenshot("phone-welcome");
		ask("Show me a record in Java.");
		browser.await(DONE);
		ask("Why is the sky blue?");
		browser.await(DONE);
		browser.find(DONE + " summary").click();
		assertThat((Long) browser.run("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
		assertThat(browser.find("#faults").getDomAttribute("open")).isNull();
		assertThat(problems()).isEmpty();
		browser.screenshot("phone-answer");
		browser.run("window.scrollTo(0, document.documentElement.scrollHeight)");
		browser.screenshot("phone-panel");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void everybodyCanUseIt(String colours) {
		browser.prefer(colours);
		ask("Show me a record in Java.");
		browser.await(DONE);
		this.rehearsal.script(Fault.NO_CREDITS);
		ask("What does that cost?");
		browser.await(ANSWER + " .problem");
		assertThat(problems()).isEmpty();
		browser.screenshot(colours);
	}

	@Test
	void theBrowserHasNothingToComplainAbout() {
		browser.complaints();
		ask("Why is the sky blue?");
		browser.await(DONE);
		assertThat(browser.complaints()).isEmpty();
	}

	@Test
	void everythingComesFromTheApplicationUnderAStrictPolicy() throws Exception {
		HttpResponse<String> page = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(this.url)).build(), HttpResponse.BodyHandlers.ofString());
		assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
			.contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
			.doesNotContain("unsafe", "http");
		assertThat(page.body()).doesNotContain("<style", " style=", "onclick", "src=\"http", "href=\"http");
	}

	private static void ask(String question) {
		browser.await("page that is ready", (page) -> page.find("#send").isDisplayed());
		browser.find("#message").sendKeys(question, Keys.ENTER);
	}

	private static void awaitFocus(String id) {
		browser.await("focus on " + id, (page) -> id.equals(page.focused().getDomAttribute("id")));
	}

	/**
	 * Accessibility violations that axe reports.
	 */
	@SuppressWarnings("unchecked")
	private static List<String> problems() {
		browser.run(axe());
		List<Map<String, Object>> violations = (List<Map<String, Object>>) browser
			.runAsync("const done = arguments[arguments.length - 1];"
					+ "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
					+ ".then((result) => done(result.violations.map((found) => ({ rule: found.id,"
					+ " nodes: found.nodes.map((node) => node.failureSummary + ' ' + node.html).join('; ') }))))");
		return violations.stream().map((violation) -> violation.get("rule") + ": " + violation.get("nodes")).toList();
	}

	private static String axe() {
		try (InputStream script = PageTests.class.getResourceAsStream("/axe.min.js")) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
