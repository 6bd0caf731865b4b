package clicktide.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("E9, A6, A7: the dashboard in a browser")
@Timeout(300)
class DashboardTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final DashboardPages dashboard = new DashboardPages();

  private final Chromium chromium = dashboard.chromium;
  private final RunningProduct product = dashboard.product;

  @Test
  @DisplayName("a new link is clicked, and its counts on the page change without a reload")
  void aLinkIsMadeAndFollowed() throws Exception {
    var page = dashboard.owner("links");
    dashboard.button(page, "New link").click();
    page.getByLabel("Destination", new Page.GetByLabelOptions().setExact(true))
        .fill("https://example.com/spring");
    page.getByLabel("Code (generated if empty)").fill("seen-in-browser");
    dashboard.button(page, "Create link").click();
    assertThat(dashboard.heading(page, "seen-in-browser")).isVisible();
    var hour = page.locator(".now strong").first();
    assertThat(hour).hasText("0");

    product.follow("seen-in-browser", "198.51.100.4");
    assertThat(hour).hasText("1");
    assertThat(dashboard.figure(page, "Clicks")).hasText("1");
    assertThat(page.locator(".ledger strong").last()).hasText("1");
    assertThat(product.get("/v1/links/seen-in-browser").path("redirectStatus").intValue())
        .isEqualTo(302);
  }

  @Test
  @DisplayName(
      "a value in a breakdown filters the report or is excluded, and filters can be removed")
  void filters() throws Exception {
    var page = dashboard.owner("links/" + dashboard.clickedLink());
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
    dashboard.button(page, "Firefox").click();
    assertThat(dashboard.figure(page, "Clicks")).hasText("2");
    assertThat(dashboard.button(page, "Chrome")).hasCount(0);
    assertThat(page).hasURL(Pattern.compile("browser=Firefox"));

    dashboard.button(page, "Remove filter Browsers: Firefox").click();
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
    dashboard.button(page, "Exclude Firefox").click();
    assertThat(dashboard.figure(page, "Clicks")).hasText("1");
    page.goBack();
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
  }

  @Test
  @DisplayName("E4: days are those of the selected time zone, and an unknown zone is rejected")
  void zones() throws Exception {
    var page = dashboard.owner("links/" + dashboard.clickedLink());
    var zone = page.getByLabel("Time zone");
    assertThat(zone).hasValue("Europe/Berlin");
    page.getByLabel("Range").selectOption("30d");
    var asked =
        page.waitForRequest(
            request -> request.url().contains("tz=Asia%2FKathmandu"),
            () -> {
              zone.fill("Asia/Kathmandu");
              zone.press("Enter");
            });
    var answer = JSON.readTree(asked.response().text());
    assertThat(answer.at("/series/0/bucketStart").textValue()).endsWith("T00:00:00+05:45");
    assertThat(page).hasURL(Pattern.compile("tz=Asia"));
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");

    zone.fill("Mars/Olympus");
    zone.press("Enter");
    assertThat((Boolean) zone.evaluate("field => field.validity.customError")).isTrue();
  }

  @Test
  @DisplayName("an address without a page says so, also if it is the name of a property")
  void unknownPages() {
    for (var name : List.of("nothing", "__proto__", "constructor")) {
      assertThat(dashboard.owner(name).getByText("Page not found")).isVisible();
    }
  }

  @Test
  @DisplayName("the export contains the numbers on screen, and no cell is a formula")
  void export() throws Exception {
    var page = dashboard.owner("links/" + dashboard.clickedLink());
    assertThat(dashboard.figure(page, "Clicks")).hasText("3");
    assertThat(dashboard.button(page, "=1+1")).isVisible();
    assertThat(dashboard.button(page, "Chrome")).isVisible();
    assertThat(page.locator(".events td").first()).isVisible();
    var download = page.waitForDownload(() -> dashboard.button(page, "Export CSV").click());

    var lines = Files.readAllLines(download.path());
    assertThat(lines).contains("browser,clicks", "Firefox,2", "Chrome,1", "'=1+1,1");
    var heads = lines.stream().filter(line -> line.startsWith("day,clicks")).findFirst();
    assertThat(heads).contains("day,clicks,bots,visitors,scans,final");
    assertThat(lines.get(lines.indexOf(heads.get()) + 7)).matches("[0-9T:+-]+,3,0,3,0,false");
  }

  @Test
  @DisplayName("E9: a lost connection is restored, and no click is missed or counted twice")
  void reconnects() throws Exception {
    var page = chromium.open(dashboard.options());
    page.addInitScript(
        "globalThis.sockets = []; globalThis.WebSocket = class extends WebSocket {"
            + " constructor(...all) { super(...all); sockets.push(this); } };");
    page.navigate(dashboard.at("#/"));
    dashboard.signIn(page, product.key);
    var code = product.link("");
    page.navigate(dashboard.at("#/links/" + code));
    var hour = page.locator(".now strong").first();
    product.follow(code, "198.51.100.5");
    assertThat(hour).hasText("1");

    for (var lost = 1; lost <= 3; lost++) {
      page.evaluate("sockets.at(-1).close()");
      product.follow(code, "198.51.100.5");
      assertThat(hour).hasText(Integer.toString(1 + lost));
    }
    assertThat((Integer) page.evaluate("sockets.length")).isGreaterThanOrEqualTo(4);
    assertThat(page.locator("#connection")).isEmpty();
  }

  @Test
  @DisplayName("E3: final and open buckets, losses and delays are shown")
  void truthful() throws Exception {
    var page = dashboard.owner("links");
    page.route("**/v1/links/*/analytics?*", DashboardTest::withLosses);
    page.navigate(dashboard.at("#/links/" + dashboard.clickedLink()));

    assertThat(page.locator(".report .columns g.final")).hasCount(1);
    assertThat(page.locator(".report .columns g.open")).hasCount(1);
    assertThat(page.locator(".warnings"))
        .containsText("12 clicks were lost before they were counted");
    assertThat(page.locator(".warnings")).containsText("Some counts are missing");
    assertThat(page.locator(".warnings")).containsText("Counting is delayed");
    assertThat(page.locator(".freshness")).containsText("Final up to");
    assertThat(page.locator(".ledger")).containsText("The ledger balances");
    page.unrouteAll();
  }

  /** Changes a response to one with final buckets, lost clicks and delays. */
  private static void withLosses(Route route) {
    try {
      var answer = (ObjectNode) JSON.readTree(route.fetch().text());
      var meta = (ObjectNode) answer.get("meta");
      meta.put("finalThrough", answer.at("/series/1/bucketStart").asText("2026-01-01T00:00:00Z"));
      meta.put("knownLoss", 12).put("complete", false).putArray("warnings").add("pipeline_lags");
      if (answer.get("series").size() > 1) {
        ((ObjectNode) answer.at("/series/0")).put("isFinalized", true);
      }
      route.fulfill(new Route.FulfillOptions().setBody(answer.toString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("A7, A6: links are searched, edited, disabled and shown as QR code")
  void manage() throws Exception {
    var code = product.link(", \"title\": \"Neap tide\", \"tags\": [\"moon\"]");
    product.link(", \"title\": \"Spring tide\"");
    var page = dashboard.owner("links");
    page.getByLabel("Search").fill("neap");
    assertThat(page.locator("tbody tr")).hasCount(1);
    dashboard.button(page, "Edit " + code).click();
    page.getByLabel("Title").fill("Lowest tide");
    dashboard.button(page, "Save").click();
    assertThat(page.locator("dialog")).hasCount(0);
    page.getByLabel("Search").fill("lowest");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(code)).click();
    assertThat(dashboard.heading(page, "Lowest tide")).isVisible();
    assertThat(page.locator(".changes")).containsText("Neap tide → Lowest tide");

    dashboard.button(page, "QR code").click();
    var picture = page.locator(".qr");
    assertThat((Boolean) picture.evaluate("image => image.decode().then(() => true)")).isTrue();
    var download = page.waitForDownload(() -> dashboard.button(page, "Download PNG").click());
    assertThat(Files.readAllBytes(download.path())).startsWith(0x89, 'P', 'N', 'G');
    dashboard.button(page, "Close").click();
    dashboard.button(page, "Disable").click();
    assertThat(page.locator(".head .state")).hasText("disabled");
    assertThat(product.follow(code, "198.51.100.6").statusCode()).isEqualTo(410);
  }

  @Test
  @DisplayName("A7: an import shows the outcome of each row")
  void imports() {
    var page = dashboard.owner("import");
    page.getByLabel("Or paste text")
        .fill("destination,title\nhttps://example.com/a,\"two\nlines\"\njavascript:alert(1),no\n");
    dashboard.button(page, "Import").click();
    assertThat(page.getByText("1 created, 0 changed, 0 unchanged, 1 failed.")).isVisible();
    assertThat(page.locator("tbody tr").first()).containsText("failed");
    assertThat(page.locator("tbody tr").first()).containsText("destination:");
  }

  @Test
  @DisplayName("an invalid key is rejected with a message, a valid one is stored in one tab only")
  void signsIn() {
    var page = chromium.open(dashboard.options());
    page.navigate(dashboard.at(""));
    dashboard.signIn(page, "ct_wrong");
    assertThat(page.getByRole(AriaRole.ALERT)).not().isEmpty();
    assertThat(chromium.complaints()).allMatch(text -> text.contains("401"));

    page.getByLabel("API key").fill("");
    page.getByText("Use an administrator key").click();
    page.getByLabel("Owner ID").fill(product.owner);
    page.getByLabel("API key").focus();
    dashboard.signIn(page, product.administrator);
    assertThat(dashboard.heading(page, "Overview")).isVisible();
    page.reload();
    assertThat(dashboard.heading(page, "Overview")).isVisible();
    var another = page.context().newPage();
    another.navigate(dashboard.at(""));
    assertThat(dashboard.heading(another, "Sign in")).isVisible();
    dashboard.button(page, "Sign out").click();
    assertThat(dashboard.heading(page, "Sign in")).isVisible();
  }
}
