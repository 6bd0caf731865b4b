package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The installed Chromium, during the tests of a class. Without one they are skipped, and a line
 * says so. After each test its pages are closed. They must not have logged errors or warnings, nor
 * sent an API key in an address. Only the thread of the tests may use it.
 */
final class Chromium implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** Disables network traffic other than that of the pages. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final double DEADLINE = 60_000; // ms

  private final List<String> complaints = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private Playwright playwright;
  private Browser browser;

  private static Optional<Path> find() {
    return Stream.concat(
            Optional.ofNullable(System.getenv("CLICKTIDE_TEST_CHROMIUM")).stream(), PLACES.stream())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var found = find();
    if (found.isEmpty()) {
      System.out.println(
          "SKIPPED: the browser tests of the dashboard, because Chromium was not found");
    }
    Assumptions.assumeTrue(found.isPresent(), "Chromium was not found");
    PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions().setExecutablePath(found.get()).setArgs(ARGUMENTS));
  }

  boolean isOpen() {
    return playwright != null;
  }

  /** Opens a page with an empty profile. */
  Page open(Browser.NewContextOptions options) {
    var page = browser.newContext(options).newPage();
    page.setDefaultTimeout(DEADLINE);
    page.onConsoleMessage(this::collect);
    page.onPageError(complaints::add);
    page.onRequest(request -> addresses.add(request.url()));
    page.onWebSocket(socket -> addresses.add(socket.url()));
    return page;
  }

  private void collect(ConsoleMessage message) {
    if (List.of("error", "warning").contains(message.type())) {
      complaints.add(message.text());
    }
  }

  /** Returns and clears the errors and warnings so far, for tests that expect some. */
  List<String> complaints() {
    var expected = List.copyOf(complaints);
    complaints.clear();
    return expected;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    browser.contexts().forEach(one -> one.close());
    var asked = List.copyOf(addresses);
    addresses.clear();
    assertThat(complaints()).isEmpty();
    assertThat(asked).noneMatch(address -> address.contains("ct_"));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    playwright.close();
  }
}
