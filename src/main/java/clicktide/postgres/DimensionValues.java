package clicktide.postgres;

/** The statement on the table of dimension values that the sink and queries share. */
public final class DimensionValues {
  /** Finds the numbers of pairs of a dimension's id and a value; unknown values have no row. */
  public static final NamedSql LOOK_UP =
      NamedSql.of(
          """
          SELECT dimension, value, id, used_through FROM dimension_value
          WHERE (dimension, value) IN (SELECT * FROM unnest(:dimensions::smallint[], :values::text[]))""");

  private DimensionValues() {}
}
