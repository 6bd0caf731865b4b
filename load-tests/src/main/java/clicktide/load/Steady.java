package clicktide.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Follows links at a steady rate from 16 connections until it is closed. */
final class Steady implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  private final Product product;
  private final List<String> codes;
  private final Consumer<String> answered;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder redirects = new LongAdder();
  private volatile boolean closed;

  /** {@code answered} receives the code of each redirect, on several threads. */
  Steady(Product product, List<String> codes, Consumer<String> answered) {
    this.product = product;
    this.codes = codes;
    this.answered = answered;
  }

  Steady start(int perSecond) {
    var pause = TimeUnit.SECONDS.toNanos(CONNECTIONS) / perSecond;
    for (var i = 0; i < CONNECTIONS; i++) {
      threads.add(Thread.ofPlatform().daemon().start(() -> follow(pause)));
    }
    return this;
  }

  private void follow(long pause) {
    try (var connection = product.links()) {
      for (var due = System.nanoTime(); !closed; due += pause) {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        var code = codes.get(ThreadLocalRandom.current().nextInt(codes.size()));
        if (connection.follow(code) == 302) {
          redirects.increment();
          answered.accept(code);
        }
      }
    } catch (IOException e) {
      System.out.println("A connection ended: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The number of redirects so far. */
  long redirects() {
    return redirects.sum();
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
