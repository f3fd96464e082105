package io.github.grokspring.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A headless browser. Tests that need one are skipped if there is none, unless the
 * environment variable {@code CI} or the system property {@code browser.required} is
 * {@code true}.
 */
final class Browser implements BeforeAllCallback, AfterAllCallback {

	private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome",
			"google-chrome-stable");

	private static final Path SCREENSHOTS = Path.of("target", "screenshots");

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private ChromeDriver driver;

	@Override
	public void beforeAll(ExtensionContext context) {
		Optional<File> browser = BROWSERS.stream().flatMap(Browser::onPath).findFirst();
		Optional<File> chromedriver = onPath("chromedriver").findFirst();
		if (browser.isEmpty() || chromedriver.isEmpty()) {
			String missing = "No Chromium with its chromedriver on the PATH (Debian: apt-get install chromium "
					+ "chromium-driver), so the page is not tested";
			assertThat(isRequired()).as(missing).isFalse();
			System.out.println(missing);
			Assumptions.abort(missing);
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser.get());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--hide-scrollbars", "--lang=en", "--window-size=1280,860");
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.get())
			.usingAnyFreePort()
			.build();
		this.driver = new ChromeDriver(service, options);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.driver != null) {
			this.driver.quit();
		}
	}

	/**
	 * Opens a page without stored state, in a window of usual size with light colors.
	 */
	void open(String url) {
		showAs(1280, 860);
		prefer("light");
		this.driver.get(url);
		this.driver.executeScript("sessionStorage.clear()");
		this.driver.get(url);
	}

	void reload() {
		this.driver.navigate().refresh();
	}

	/**
	 * Resizes the window.
	 */
	void showAs(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	void prefer(String colours) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
	}

	WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	List<WebElement> findAll(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	/**
	 * Waits for a visible element.
	 */
	WebElement await(String selector) {
		return await("element " + selector, (browser) -> {
			WebElement element = browser.find(selector);
			return element.isDisplayed() ? element : null;
		});
	}

	WebElement awaitText(String selector, String text) {
		return await(selector + " with text '" + text + "'", (browser) -> {
			WebElement element = browser.find(selector);
			return element.getText().contains(text) ? element : null;
		});
	}

	/**
	 * Waits for a value that is neither {@code null} nor {@code false}.
	 */
	<T> T await(String what, Function<Browser, T> condition) {
		return new WebDriverWait(this.driver, PATIENCE).withMessage("No " + what)
			.pollingEvery(Duration.ofMillis(50))
			.ignoreAll(List.of(NoSuchElementException.class, StaleElementReferenceException.class))
			.until((driver) -> condition.apply(this));
	}

	/**
	 * Sends keys to the focused element.
	 */
	void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	void pressShift(Keys key) {
		new Actions(this.driver).keyDown(Keys.SHIFT).sendKeys(key).keyUp(Keys.SHIFT).perform();
	}

	WebElement focused() {
		return this.driver.switchTo().activeElement();
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	Object runAsync(String script, Object... arguments) {
		this.driver.manage().timeouts().scriptTimeout(PATIENCE);
		return this.driver.executeAsyncScript(script, arguments);
	}

	/**
	 * Returns messages of the console since the last call.
	 */
	List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.map((entry) -> entry.getLevel() + " " + entry.getMessage())
			.toList();
	}

	/**
	 * Saves a screenshot in {@code target/screenshots}.
	 */
	void screenshot(String name) {
		Map<String, Object> picture = this.driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
		try {
			Files.createDirectories(SCREENSHOTS);
			Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) picture.get("data")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isRequired() {
		return Boolean.getBoolean("browser.required") || "true".equals(System.getenv("CI"));
	}

	private static Stream<File> onPath(String name) {
		return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.map((folder) -> new File(folder, name))
			.filter(File::canExecute);
	}

}
