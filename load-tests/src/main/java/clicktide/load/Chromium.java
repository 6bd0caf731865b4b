package clicktide.load;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The installed Chromium and an owner's key to sign in with. For one thread. */
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final List<String> ARGUMENTS =
      List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking");

  private final String address;
  private final String key;
  private final Playwright playwright;
  private final Browser browser;

  Chromium(int apiPort, String key) {
    address = "http://127.0.0.1:%d/".formatted(apiPort);
    this.key = key;
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(PROGRAM).setArgs(ARGUMENTS));
  }

  /** Opens the first page in a browser without cache and cookies. */
  Page open(Browser.NewContextOptions options) {
    var page = browser.newContext(options).newPage();
    page.navigate(address);
    page.locator("h1").waitFor();
    return page;
  }

  /** Signs in and opens a page of the owner. */
  Page signIn(Browser.NewContextOptions options, String place) {
    var page = open(options);
    page.getByLabel("API key").fill(key);
    page.keyboard().press("Enter");
    page.locator(".figures dd").first().waitFor();
    go(page, place);
    return page;
  }

  void go(Page page, String place) {
    page.navigate(address + "#/" + place);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
