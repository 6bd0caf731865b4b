package clicktide.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/** A typed address on the bus of this process. Messages are immutable and pass by reference. */
public record Address<T>(String name, Class<T> type) {
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setCodecName(ByReference.NAME);

  /** Sends the message to all consumers, if there are any. */
  public void publish(Vertx vertx, T message) {
    vertx.eventBus().publish(name, message, LOCAL);
  }

  /** Registers a consumer that runs on the context of the caller. */
  public MessageConsumer<Object> consume(Vertx vertx, Consumer<T> consumer) {
    return vertx
        .eventBus()
        .localConsumer(name, message -> consumer.accept(type.cast(message.body())));
  }
}
