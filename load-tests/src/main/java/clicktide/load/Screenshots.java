package clicktide.load;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Screenshots of every page of the dashboard, light and dark, narrow and wide, with the owner of
 * the demo: {@code Screenshots DATA_DIR FOLDER [apiPort]}.
 */
public final class Screenshots {
  private static final Map<String, int[]> SIZES =
      Map.of("wide", new int[] {1280, 860}, "phone", new int[] {390, 860});
  private static final double SCALE = 0.6; // small files
  private static final int SETTLED = 3_000; // ms

  private Screenshots() {}

  public static void main(String[] arguments) throws Exception {
    var key = Files.readString(Path.of(arguments[0], "demo.key")).strip();
    var folder = Files.createDirectories(Path.of(arguments[1]));
    var apiPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8081;
    try (var chromium = new Chromium(apiPort, key)) {
      for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (var size : SIZES.keySet()) {
          take(chromium, scheme, size, folder);
        }
      }
    }
  }

  private static void take(Chromium chromium, ColorScheme scheme, String size, Path folder) {
    var options =
        new Browser.NewContextOptions()
            .setColorScheme(scheme)
            .setViewportSize(SIZES.get(size)[0], SIZES.get(size)[1])
            .setDeviceScaleFactor(SCALE)
            .setLocale("en-GB")
            .setTimezoneId("Europe/Berlin");
    var suffix = "-%s-%s.png".formatted(scheme.name().toLowerCase(Locale.ROOT), size);
    var entry = chromium.open(options);
    shoot(entry, folder.resolve("signin" + suffix));
    entry.context().close();
    var page = chromium.signIn(options, "?interval=24h");
    shoot(page, folder.resolve("overview" + suffix));
    for (var place : List.of("links", "live", "import")) {
      chromium.go(page, place);
      shoot(page, folder.resolve(place + suffix));
    }
    chromium.go(page, "links");
    page.locator("td .named a").first().click();
    page.locator(".events td").first().waitFor();
    shoot(page, folder.resolve("link" + suffix));
    page.locator(".panels").evaluate("element => element.scrollIntoView()");
    shoot(page, folder.resolve("breakdown" + suffix));
    openPublicPage(page);
    shoot(page, folder.resolve("public" + suffix));
    chromium.go(page, "links");
    button(page, "New link").click();
    shoot(page, folder.resolve("new" + suffix));
    page.context().close();
  }

  /** Publishes the statistics of the link and opens their page. */
  private static void openPublicPage(Page page) {
    button(page, "Public statistics").click();
    page.locator("dialog form").waitFor();
    if (page.locator("dialog a").count() == 0) {
      button(page, "Publish").click();
    }
    page.navigate(page.locator("dialog a").evaluate("link => link.href").toString());
    page.locator(".panel td").first().waitFor();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static void shoot(Page page, Path file) {
    page.waitForTimeout(SETTLED);
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
  }
}
