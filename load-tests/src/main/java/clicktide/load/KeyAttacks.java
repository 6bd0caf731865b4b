package clicktide.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Attacks with keys, passwords and texts of an owner. */
final class KeyAttacks {
  private static final int KEYS_PER_OWNER = 100;
  private static final Duration REVOKED = Duration.ofSeconds(5);

  private KeyAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("M8", "calls beyond the scopes of a key", KeyAttacks::scopes),
        new Attack("M9", "a key that a stolen key created", KeyAttacks::stolen),
        new Attack("L2", "130 new keys, 32 at once", KeyAttacks::keys),
        new Attack("L3", "30 wrong passwords, then the right one elsewhere", KeyAttacks::passwords),
        new Attack("L5", "titles and cells that run commands", KeyAttacks::texts));
  }

  private static String key(Target.Owner owner, String path, String... scopes) throws Exception {
    return owner
        .product()
        .post(path, Map.of("name", "key", "scopes", List.of(scopes)))
        .path("apiKey")
        .textValue();
  }

  private static void scopes(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var path = "/v1/owners/" + owner.id();
    var link = "/v1/links/" + owner.link();
    var writer = key(owner, path + "/keys", "links:write");
    var keeper = key(owner, path + "/keys", "keys:write");
    expect(403, target.call(writer, "GET", link + "/analytics", ""), "analytics", seen);
    expect(403, target.call(writer, "PUT", link + "/public-stats", "{}"), "public-stats", seen);
    var networks = "{\"ownNetworks\":[\"0.0.0.0/0\"]}";
    expect(403, target.call(writer, "PATCH", path, networks), "ownNetworks", seen);
    expect(204, target.call(writer, "PATCH", link, "{}"), "a change of a link", seen);
    expect(403, target.call(keeper, "GET", path + "/audit", ""), "the audit log", seen);
  }

  private static void expect(int status, RawConnection.Response answer, String call, Seen seen) {
    seen.status(answer.status());
    seen.require(
        answer.status() == status, "%s: %d instead of %d".formatted(call, answer.status(), status));
  }

  private static void stolen(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var path = "/v1/owners/%s/keys".formatted(owner.id());
    var stolen = owner.product().post(path, Map.of("name", "stolen"));
    var second =
        Product.JSON
            .readTree(
                target
                    .call(stolen.path("apiKey").textValue(), "POST", path, "{\"name\":\"thief\"}")
                    .body())
            .path("apiKey")
            .textValue();
    expect(200, target.call(second, "GET", "/v1/me", ""), "the second key", seen);
    var keyId = stolen.path("keyId").textValue();
    expect(204, target.call(owner.key(), "DELETE", path + "/" + keyId, ""), "a revocation", seen);
    var end = Instant.now().plus(REVOKED);
    var status = target.call(second, "GET", "/v1/me", "").status();
    while (status != 401 && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(100);
      status = target.call(second, "GET", "/v1/me", "").status();
    }
    seen.status(status);
    seen.require(status == 401, "the key of the thief is answered with " + status);
    expect(200, target.call(owner.key(), "GET", "/v1/me", ""), "the owner's key", seen);
  }

  private static void keys(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var path = "/v1/owners/%s/keys".formatted(owner.id());
    var headers = owner.bearer() + "Content-Type: application/json\r\n";
    var body = "{\"name\":\"one of many\"}".getBytes(StandardCharsets.US_ASCII);
    target.flood(target.calls(31, 130), _ -> Target.request("POST", path, headers, body), seen);
    var keys = owner.product().get(path).path("keys").size();
    seen.require(keys <= KEYS_PER_OWNER, "the owner has %d keys".formatted(keys));
  }

  /** The limit of wrong passwords counts per client network and link. */
  private static void passwords(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    var json = "{\"password\":\"spring tide 7\"}";
    var published = "/v1/links/%s/public-stats".formatted(link);
    expect(200, target.call(owner.key(), "PUT", published, json), "publishing", seen);
    for (var i = 0; i < 30; i++) {
      seen.status(guess(target, Target.ATTACKER, link, "wrong " + i));
    }
    seen.require(seen.of("429") > 0, "wrong passwords are not limited");
    var status = guess(target, Target.network(9), link, "spring tide 7");
    seen.status(status);
    seen.require(status == 200, "the right password elsewhere is answered with " + status);
  }

  private static int guess(Target target, String source, String link, String password)
      throws IOException {
    var login =
        Base64.getEncoder().encodeToString(("a:" + password).getBytes(StandardCharsets.UTF_8));
    var path = "/v1/public/links/%s/analytics?interval=24h".formatted(link);
    try (var connection = new RawConnection(source, target.apiPort)) {
      return connection
          .write(Target.get(path, "Authorization: Basic %s\r\n".formatted(login)))
          .read()
          .status();
    }
  }

  private static void texts(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    for (var title : List.of("\\u001b[2J", "\\u202Egpj.exe")) {
      var json = "{\"destination\":\"https://example.com/\",\"title\":\"%s\"}".formatted(title);
      expect(422, target.call(owner.key(), "POST", "/v1/links", json), "a title", seen);
    }
    for (var title : List.of("=1+1", "\uff1d1+1", "\\n=1+1")) {
      var json = "{\"destination\":\"https://example.com/\",\"title\":\"%s\"}".formatted(title);
      expect(201, target.call(owner.key(), "POST", "/v1/links", json), "a title", seen);
    }
    var csv = target.call(owner.key(), "GET", "/v1/exports/links", "");
    seen.status(csv.status());
    var cells = csv.body().split("'[=\\uff1d\\n]", -1).length - 1;
    seen.require(cells == 3, "of 3 cells %d are escaped".formatted(cells));
  }
}
