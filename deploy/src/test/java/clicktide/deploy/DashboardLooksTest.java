package clicktide.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E9: accessibility, layout and security of the dashboard")
@Timeout(300)
class DashboardLooksTest {
  @RegisterExtension static final DashboardPages dashboard = new DashboardPages();

  private final Chromium chromium = dashboard.chromium;
  private final RunningProduct product = dashboard.product;

  @Test
  @DisplayName("WCAG AA: axe finds no violation on any page, light and narrow or dark and wide")
  void accessible() throws Exception {
    var code = dashboard.clickedLink();
    product.send("PUT", "/v1/links/%s/public-stats".formatted(code), "{}");
    var headings =
        Map.of(
            "#/",
            "Overview",
            "#/links",
            "Links",
            "#/links/" + code,
            code,
            "#/live",
            "Live",
            "#/import",
            "Import links");
    pagesHaveNoViolations(code, headings, ColorScheme.LIGHT, 390);
    pagesHaveNoViolations(code, headings, ColorScheme.DARK, 1280);
  }

  private void pagesHaveNoViolations(
      String code, Map<String, String> headings, ColorScheme scheme, int width) throws Exception {
    var page =
        dashboard.owner("", dashboard.options().setColorScheme(scheme).setViewportSize(width, 900));
    for (var place : headings.keySet()) {
      page.navigate(dashboard.at(place));
      dashboard.heading(page, headings.get(place)).waitFor();
      if (place.contains(code)) {
        assertThat(dashboard.figure(page, "Clicks")).hasText("3");
        page.locator(".report .chart-table summary").click();
        page.locator(".report .chart-table td").first().waitFor();
      }
      hasNoViolations(page);
    }
    page.navigate(dashboard.at("#/links"));
    dashboard.button(page, "New link").click();
    hasNoViolations(page);
    page.navigate(dashboard.at("public/" + code));
    page.locator(".panel td").first().waitFor();
    hasNoViolations(page);
    page.context().close();
  }

  @Test
  @DisplayName("the keyboard reaches every control, and the layout is stable while counts load")
  void calm() throws Exception {
    var code = dashboard.clickedLink();
    var page = dashboard.owner("links/" + code);
    page.evaluate(
        "() => { globalThis.moved = 0; new PerformanceObserver((list) => { for (const shift of list.getEntries())"
            + " if (!shift.hadRecentInput) moved += shift.value; }).observe({ type: 'layout-shift', buffered: true }); }");
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
    assertThat(page.locator(".events td").first()).isVisible();
    assertThat((Double) page.evaluate("moved + 0.0000001")).isLessThan(0.1); // "good", web.dev/cls

    page.reload();
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
    page.keyboard().press("Tab");
    assertThat(page.locator(":focus")).hasText("Skip to content");
    page.keyboard().press("Enter");
    assertThat(page.locator("main")).isFocused();
    var reached = new HashSet<String>();
    for (var i = 0; i < 60; i++) {
      page.keyboard().press("Tab");
      reached.add(
          page.evaluate("document.activeElement.name || document.activeElement.textContent")
              .toString());
    }
    assertThat(reached).contains("Copy", "Edit", "interval", "tz", "compare", "Firefox", "−");
  }

  @Test
  @DisplayName("no other host is contacted, and no text becomes markup")
  void strict() throws Exception {
    var page = dashboard.owner("links");
    var title = "<img src=x onerror=alert(1)>";
    var code = product.link(", \"title\": \"%s\"".formatted(title));
    page.navigate(dashboard.at("#/links/" + code));
    assertThat(dashboard.heading(page, title)).isVisible();
    assertThat(
            (List<?>)
                page.evaluate(
                    "performance.getEntriesByType('resource').map((entry) => new URL(entry.name).host)"))
        .allMatch(host -> host.equals("127.0.0.1:" + product.here.apiPort));
    assertThat(
            (Boolean)
                page.evaluate(
                    "() => { try { document.body.innerHTML = '<p>'; return false; } catch { return true; } }"))
        .isTrue();
    assertThat(chromium.complaints()).allMatch(text -> text.contains("TrustedHTML"));
  }

  private static void hasNoViolations(Page page) {
    assertThat(page.locator("[aria-busy]")).hasCount(0); // dimmed while it loads
    var options = new AxeRunOptions();
    options.setResultTypes(List.of("violations"));
    var results =
        new AxeBuilder(page)
            .options(options)
            .withTags(List.of("wcag2a", "wcag2aa", "wcag21aa"))
            .setLegacyMode(true) // without the pages that axe opens for frames; these have none
            .analyze();
    assertThat(results.getViolations()).as(page.url()).isEmpty();
  }

  @Test
  @DisplayName("days start at midnight of their zone, also when the UTC offset changes")
  void midnights() {
    var page = chromium.open(dashboard.options());
    page.navigate(dashboard.at(""));
    for (var zone :
        List.of("UTC", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "America/Santiago")) {
      for (var day :
          List.of("2026-03-08", "2026-03-29", "2026-09-06", "2026-10-25", "2026-11-01")) {
        var expected = LocalDate.parse(day).atStartOfDay(ZoneId.of(zone)).toInstant();
        var found =
            page.evaluate(
                "([day, zone]) => import('/ui/format.js').then((it) => it.startOfDay(day, zone))",
                List.of(day, zone));
        assertThat(Instant.parse(found.toString())).as(zone + " " + day).isEqualTo(expected);
      }
    }
  }

  @Test
  @DisplayName("cells of an export are quoted, and formulas are disabled")
  void cells() {
    var page = chromium.open(dashboard.options());
    page.navigate(dashboard.at(""));
    assertThat(
            page.evaluate(
                "import('/ui/csv.js').then(({ csv }) => csv([['a,b', 'say \"hi\"', -1], ['=1', '@x', '-y'], ['\\ttab', 'two\\nlines', null]]))"))
        .isEqualTo(
            """
            "a,b","say ""hi""\",-1\r
            '=1,'@x,'-y\r
            '\ttab,"two\nlines",\r
            """);
    assertThat(
            page.evaluate(
                "import('/ui/csv.js').then(({ records }) => records('a,b\\n\"x\\ny\",1\\n\\n\"\"\"q\",2\\n5\" disk,3\\n').length)"))
        .isEqualTo(4);
  }

  @Test
  @DisplayName("bot traffic and spikes are marked")
  void marks() throws Exception {
    var flooded = product.link("");
    for (var i = 0; i < 40; i++) {
      product.here.follow(
          flooded, "User-Agent", "Googlebot/2.1", "X-Forwarded-For", "198.51.100.9");
    }
    var page = dashboard.owner("live");
    var row =
        page.locator(".leaderboard li").filter(new Locator.FilterOptions().setHasText(flooded));
    assertThat(row.locator("mark")).hasText("bot traffic: 100%");

    var spikes =
        page.evaluate(
            """
            import('/ui/leaderboard.js').then(({ isSpike }) => {
              const of = (before, now) => [...Array(56).fill(before), now, now, now, 0];
              return [of(10, 100), of(10, 30), of(0, 100), of(1, 10)].map(isSpike);
            })""");
    assertThat(spikes).isEqualTo(List.of(true, false, false, false));
  }
}
