package clicktide.http;

import io.netty.buffer.ByteBuf;

/** The answers of a port to plain requests. Called on the event loop of the connection. */
public interface PlainAnswers {
  /**
   * Appends the whole answer and returns true. Or returns false and has no effect; the server then
   * gets the request.
   */
  boolean answer(Request request, ByteBuf out);
}
