package clicktide.wire;

import com.google.protobuf.UnknownFieldSet;

/**
 * Fields of a message that this version does not know, as they were read. A message that is written
 * again keeps them, because a newer version may need them. Immutable.
 */
public final class UnknownFields {
  public static final UnknownFields NONE = new UnknownFields(UnknownFieldSet.getDefaultInstance());

  private final UnknownFieldSet fields;

  UnknownFields(UnknownFieldSet fields) {
    this.fields = fields;
  }

  byte[] bytes() {
    return fields.toByteArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnknownFields unknown && fields.equals(unknown.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
