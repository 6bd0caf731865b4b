package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The dashboard of the running product in a browser, which runs during the tests of a class. */
final class DashboardPages implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final String CHROME =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

  final Chromium chromium = new Chromium();
  final RunningProduct product = new RunningProduct();

  /** Starts the browser first: without one, the product is not started. */
  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    chromium.beforeAll(context);
    product.beforeAll(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    chromium.afterEach(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (chromium.isOpen()) {
      chromium.afterAll(context);
    }
  }

  Browser.NewContextOptions options() {
    return new Browser.NewContextOptions()
        .setTimezoneId("Europe/Berlin")
        .setLocale("en-GB")
        .setAcceptDownloads(true);
  }

  String at(String place) {
    return "http://127.0.0.1:%d/%s".formatted(product.here.apiPort, place);
  }

  /** Opens a page and signs in as the owner. */
  Page owner(String place, Browser.NewContextOptions options) {
    var page = chromium.open(options);
    page.navigate(at("#/"));
    signIn(page, product.key);
    assertThat(heading(page, "Overview")).isVisible();
    page.navigate(at("#/" + place));
    return page;
  }

  Page owner(String place) {
    return owner(place, options());
  }

  void signIn(Page page, String key) {
    page.getByLabel("API key").fill(key);
    page.keyboard().press("Enter");
  }

  Locator heading(Page page, String text) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(text).setExact(true));
  }

  Locator button(Page page, String text) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(text).setExact(true));
  }

  /** Returns the value of a figure of the report. */
  Locator figure(Page page, String name) {
    return page.locator(".figures > div")
        .filter(new Locator.FilterOptions().setHas(page.getByText(name, exactly())))
        .locator("dd")
        .first();
  }

  Page.GetByTextOptions exactly() {
    return new Page.GetByTextOptions().setExact(true);
  }

  /**
   * Creates a link with two clicks by Firefox and one by Chrome, and waits until they are counted.
   */
  String clickedLink() throws Exception {
    var code = product.link("");
    product.follow(code + "?utm_campaign=%3D1%2B1", "198.51.100.1");
    product.follow(code, "198.51.100.2");
    product.here.follow(code, "User-Agent", CHROME, "X-Forwarded-For", "198.51.100.3");
    eventually("3 clicks are counted").until(() -> product.rollupClicks(code).human() == 3);
    return code;
  }
}
