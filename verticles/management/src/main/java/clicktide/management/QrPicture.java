package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.ComputeTurns;
import clicktide.link.DomainName;
import clicktide.store.Links;
import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/**
 * Draws the QR code of a link (A6). It holds the short URL with {@code qr=1}, so that scans are
 * counted apart from clicks. The error correction is M. The quiet zone has four modules (ISO/IEC
 * 18004).
 */
final class QrPicture {
  private static final int QUIET = 4;
  private static final int WHITE = 1; // in the palette of the picture
  private static final int BLACK = 0;

  private final Links links;
  private final URI publicUrl;
  private final ComputeTurns turns;

  QrPicture(Links links, URI publicUrl, ComputeTurns turns) {
    this.turns = turns;
    this.links = links;
    this.publicUrl = publicUrl;
  }

  ApiResponse draw(ApiRequest call) {
    var format = call.query("format").orElse("svg");
    var size = call.integer("size", 320, 64, 2_048);
    var link = call.visibleLink(links::find);
    var url = DomainName.shortUrl(publicUrl, link.code()) + "?qr=1";
    var etag = "\"%s-%d-%s\"".formatted(format, size, link.code());
    return switch (format) {
      case "svg" -> {
        var picture = turns.run(call.caller(), () -> svg(code(url), size));
        yield ApiResponse.kept(picture, etag, 0).as("image/svg+xml");
      }
      case "png" -> {
        var picture = turns.run(call.caller(), () -> png(code(url), size));
        yield ApiResponse.kept(picture, etag, 0).as("image/png");
      }
      default -> throw ApiRequest.invalid("format", "`format` must be `svg` or `png`.");
    };
  }

  private static QrCode code(String url) {
    return QrCode.encodeText(url, QrCode.Ecc.MEDIUM);
  }

  /** Draws one path with a rectangle for each run of dark modules in a row. */
  private static byte[] svg(QrCode code, int size) {
    var path = new StringBuilder();
    for (var y = 0; y < code.size; y++) {
      for (var x = 0; x < code.size; x++) {
        var from = x;
        while (code.getModule(x, y)) { // false beyond the edge
          x++;
        }
        if (x > from) {
          path.append("M%d,%dh%dv1h-%dz".formatted(from + QUIET, y + QUIET, x - from, x - from));
        }
      }
    }
    var whole = code.size + 2 * QUIET;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" shape-rendering="crispEdges">\
        <rect width="100%%" height="100%%" fill="#fff"/><path d="%s"/></svg>
        """
        .formatted(size, size, whole, whole, path)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Draws modules with a whole number of pixels, so that edges are sharp. The rest is white. */
  private static byte[] png(QrCode code, int size) {
    var scale = Math.max(1, size / (code.size + 2 * QUIET));
    var side = Math.max(size, scale * (code.size + 2 * QUIET));
    var begin = (side - scale * code.size) / 2;
    var image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY);
    var row = new int[side];
    for (var y = 0; y < side; y++) {
      if (y == 0 || Math.floorMod(y - begin, scale) == 0) { // the first row of a module
        for (var x = 0; x < side; x++) {
          var isDark =
              code.getModule(Math.floorDiv(x - begin, scale), Math.floorDiv(y - begin, scale));
          row[x] = isDark ? BLACK : WHITE;
        }
      }
      image.getRaster().setPixels(0, y, side, 1, row); // setRGB takes five times as long
    }
    try {
      var bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }
}
