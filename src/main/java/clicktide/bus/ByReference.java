package clicktide.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands messages over as they are. It never meets a wire, since the bus stays in the process. */
public final class ByReference implements MessageCodec<Object, Object> {
  static final String NAME = "by-reference";

  /** To be called once for each Vert.x, before anything is published. */
  public static void register(Vertx vertx) {
    vertx.eventBus().registerCodec(new ByReference());
  }

  @Override
  public void encodeToWire(Buffer buffer, Object message) {
    throw new UnsupportedOperationException("the bus stays inside the process");
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("the bus stays inside the process");
  }

  @Override
  public Object transform(Object message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
