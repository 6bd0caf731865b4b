package clicktide.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** A request for a short link, prepared as bytes, with the facts that an oracle needs. */
final class LinkRequest {
  static final String BROWSER =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

  final int link;
  final boolean isBot;
  final byte[] bytes;

  /** {@code address} is the number of the visitor's address, from 0 to 16,777,215. */
  LinkRequest(int link, String code, String agent, boolean isBot, String referrer, int address) {
    this.link = link;
    this.isBot = isBot;
    bytes =
        "GET /%s HTTP/1.1\r\nHost: go.example\r\nUser-Agent: %s\r\nReferer: %s\r\nAccept: */*\r\nX-Forwarded-For: %s\r\n\r\n"
            .formatted(code, agent, referrer, address(address))
            .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the text of an address by its number. */
  static String address(int number) {
    return "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 255, number & 255);
  }

  /** Prepares one request of a browser for each code. The number of a link is its place. */
  static List<LinkRequest> of(List<String> codes) {
    return IntStream.range(0, codes.size())
        .mapToObj(link -> new LinkRequest(link, codes.get(link), BROWSER, false, "", link))
        .toList();
  }
}
