package clicktide.http;

import clicktide.http.FixedWindow.Remaining;
import clicktide.store.SharedCounters;
import clicktide.store.SharedCounters.OwnUses;
import clicktide.time.TimeSource;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A limit of uses per key and minute that the processes of an installation share. A use is counted
 * in this process at once and told to the others by the next exchange. Without exchanges it is a
 * limit of this process. For any thread.
 */
public final class SharedWindow<K> {
  private static final int MAX_BATCH = 500; // counters of one call of the store

  private final String name;
  private final int sharedFrom;
  private final Function<K, String> text;
  private final TimeSource time;
  private final FixedWindow<K> window;
  private final Set<K> changed = ConcurrentHashMap.newKeySet();

  /** See {@link SharedWindows#of}. */
  SharedWindow(
      String name,
      int sharedFrom,
      Function<K, String> text,
      FixedWindow<K> window,
      TimeSource time) {
    this.name = name;
    this.sharedFrom = sharedFrom;
    this.text = text;
    this.window = window;
    this.time = time;
  }

  private record SentUses<K>(K key, WindowCounter counter, OwnUses own, long at) {}

  /** Counts a use, which may be one beyond the limit. */
  public Remaining use(K key) {
    return noted(key, window.use(key));
  }

  /** Counts all uses if they are within the limit. Otherwise it counts none. */
  public Remaining use(K key, int uses) {
    return noted(key, window.use(key, uses));
  }

  /** Takes a use of the running window back. */
  public void giveBack(K key) {
    window.giveBack(key);
    note(key);
  }

  private Remaining noted(K key, Remaining remaining) {
    note(key);
    return remaining;
  }

  private void note(K key) {
    if (window.counter(key).filter(counter -> counter.isShared(sharedFrom)).isPresent()) {
      changed.add(key);
    }
  }

  /** Exchanges the uses of keys that were used since the last exchange. Never fails. */
  Future<Void> exchange(SharedCounters counters) {
    var all = new ArrayList<SentUses<K>>();
    for (var key : List.copyOf(changed)) {
      changed.remove(key); // before its uses are read, so that a later use is sent next time
      var now = time.nanos();
      window
          .counter(key)
          .ifPresent(
              counter ->
                  all.add(new SentUses<>(key, counter, counter.shared(text.apply(key), now), now)));
    }
    var batches = new ArrayList<Future<Void>>();
    for (var from = 0; from < all.size(); from += MAX_BATCH) {
      batches.add(exchange(counters, all.subList(from, Math.min(all.size(), from + MAX_BATCH))));
    }
    return Future.join(batches).mapEmpty();
  }

  private Future<Void> exchange(SharedCounters counters, List<SentUses<K>> batch) {
    return counters
        .exchange(name, batch.stream().map(SentUses::own).toList())
        .<Void>map(
            answers -> {
              for (var i = 0; i < batch.size(); i++) {
                var sent = batch.get(i);
                sent.counter().join(sent.own(), answers.get(i), sent.at());
              }
              return null;
            })
        .otherwise(
            _ -> { // the next exchange repeats it, until the window is over
              batch.forEach(sent -> changed.add(sent.key()));
              return null;
            });
  }
}
