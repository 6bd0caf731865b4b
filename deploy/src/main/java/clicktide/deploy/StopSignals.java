package clicktide.deploy;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The signals SIGTERM and SIGINT, which is Ctrl-C. The first one stops the process in order, the
 * second one at once: the JVM itself ignores a signal while its shutdown hooks run.
 */
final class StopSignals {
  private static final int BASE = 128; // of the exit code, as shells report a signal

  private StopSignals() {}

  /** Uses the JDK's only API for signals by reflection, because javac warns of each other use. */
  static void handle() throws ReflectiveOperationException {
    var signal = Class.forName("sun.misc.Signal");
    var handler = Class.forName("sun.misc.SignalHandler");
    var number = signal.getMethod("getNumber");
    var isStopping = new AtomicBoolean();
    var stop =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (_, _, received) -> {
              stop(BASE + (int) number.invoke(received[0]), isStopping);
              return null;
            });
    for (var name : new String[] {"TERM", "INT"}) {
      var handled = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, handled, stop);
    }
  }

  private static void stop(int code, AtomicBoolean isStopping) {
    if (isStopping.getAndSet(true)) {
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }
}
