package clicktide.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes CSV (RFC 4180) with a header line. A cell that a spreadsheet would take for a
 * formula gets an apostrophe in front. Reading removes the apostrophe.
 */
final class Csv {
  private static final CsvMapper MAPPER =
      CsvMapper.builder()
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.FAIL_ON_MISSING_HEADER_COLUMNS)
          .build();

  private static final ObjectReader READER =
      MAPPER.readerForMapOf(String.class).with(CsvSchema.emptySchema().withHeader());

  private static final int MAX_COLUMNS = 50;

  /** The first characters of formulas (OWASP, CSV injection), and the apostrophe itself. */
  private static final String ESCAPED = "=+-@\t\r\n＝＋－＠'";

  private Csv() {}

  /**
   * Reads rows of cells by the names of their columns. {@code isOurs} is true for text that {@link
   * #write} made. Throws {@link IllegalArgumentException} with the mistake.
   */
  static List<Map<String, String>> read(String text, int most, boolean isOurs) {
    var rows = new ArrayList<Map<String, String>>();
    try (MappingIterator<Map<String, String>> lines = READER.readValues(text)) {
      if (lines.hasNextValue() && ((CsvSchema) lines.getParserSchema()).size() > MAX_COLUMNS) {
        throw new IllegalArgumentException(
            "the table cannot have more than %d columns".formatted(MAX_COLUMNS));
      }
      while (lines.hasNextValue()) {
        if (rows.size() == most) {
          throw new IllegalArgumentException(
              "the table cannot have more than %d rows".formatted(most));
        }
        var row = lines.nextValue();
        row.replaceAll((_, cell) -> cell == null ? "" : isOurs ? unescaped(cell) : cell);
        rows.add(row);
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("row %d must be valid CSV".formatted(rows.size() + 1), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading or writing text failed", e);
    }
  }

  /** Writes a header of these columns and their cells. */
  static String write(List<String> columns, List<List<String>> rows) {
    var schema = CsvSchema.builder();
    columns.forEach(schema::addColumn);
    var text = new StringWriter();
    try (SequenceWriter writer =
        MAPPER.writer(schema.build().withHeader().withLineSeparator("\r\n")).writeValues(text)) {
      for (var row : rows) {
        writer.write(row.stream().map(Csv::escaped).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading or writing text failed", e);
    }
    return text.toString();
  }

  private static String escaped(String cell) {
    return !cell.isEmpty() && ESCAPED.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }

  private static String unescaped(String cell) {
    return cell.length() > 1 && cell.charAt(0) == '\'' && ESCAPED.indexOf(cell.charAt(1)) >= 0
        ? cell.substring(1)
        : cell;
  }
}
