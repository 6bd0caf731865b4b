package clicktide.deploy;

import clicktide.aggregation.AggregationParts;
import clicktide.enrich.UserAgents;
import clicktide.http.Api;
import clicktide.http.SharedWindows;
import clicktide.ingest.EventLimit;
import clicktide.ingest.IngestVerticle;
import clicktide.link.Destination;
import clicktide.management.ManagementVerticle;
import clicktide.query.QueryVerticle;
import clicktide.redis.RedisFeed;
import clicktide.replica.LinkMap;
import clicktide.settings.Role;
import clicktide.store.EventLog;
import java.util.Locale;
import java.util.Optional;

/** The part of the product that one role adds, started once every store is reachable. */
sealed interface RolePart {
  /** The stores and parts that a role can use. */
  record Connections(
      Platform platform,
      LinkMap links,
      EventLog events,
      Stores stores,
      Api api,
      SharedWindows windows) {}

  /** Starts the part and returns when it can do its work. */
  void start(Connections connections) throws Exception;

  /** Returns true if the part has routes on the API port. */
  default boolean hasRoutes() {
    return true;
  }

  /** Returns the part of a role; empty for redirect, which starts before any store is reached. */
  static Optional<RolePart> of(Role role) {
    return switch (role) {
      case REDIRECT -> Optional.empty();
      case INGEST -> Optional.of(new Ingest());
      case MANAGEMENT -> Optional.of(new Management());
      case AGGREGATION -> {
        var _ = UserAgents.loadRules(); // beside the start of everything else
        yield Optional.of(new Aggregation());
      }
      case QUERY -> Optional.of(new Queries());
    };
  }

  /** The collectors. */
  record Ingest() implements RolePart {
    @Override
    public void start(Connections connections) {
      var platform = connections.platform();
      platform.deploy(
          new IngestVerticle(
              connections.api(),
              connections.events(),
              connections.links(),
              new EventLimit(platform.settings().eventsAMinute(), connections.windows()),
              platform.settings().retention(),
              platform.clock(),
              platform.random(),
              platform.metrics()));
    }
  }

  /** Links, domains, owners, keys and imports. */
  record Management() implements RolePart {
    @Override
    public void start(Connections connections) {
      var platform = connections.platform();
      var settings = platform.settings();
      var links = connections.links();
      var own = settings.publicUrl().getHost().toLowerCase(Locale.ROOT);
      var destinations =
          new Destination(
              host -> host.equals(own) || links.domain(host).isPresent(),
              settings.privateDestinations());
      platform.deploy(
          new ManagementVerticle(
              connections.api(),
              connections.stores().management(),
              destinations,
              settings.publicUrl(),
              platform.clock(),
              platform.random()));
    }
  }

  /** The followers of the log. */
  record Aggregation() implements RolePart {
    @Override
    public void start(Connections connections) throws Exception {
      var platform = connections.platform();
      var settings = platform.settings();
      var parts =
          platform
              .closer()
              .add(
                  new AggregationParts(
                      settings,
                      connections.stores().aggregation(),
                      platform.time(),
                      platform.random(),
                      platform.metrics()));
      var health = platform.health();
      health.ask("reading of the log", parts.pass()::trouble);
      parts
          .followers()
          .forEach(follower -> health.ask(follower.name() + " sink", follower::trouble));
      health.warn("countries_unknown", () -> settings.geoip().isEmpty());
      platform.deploy(parts.verticle());
    }

    @Override
    public boolean hasRoutes() {
      return false;
    }
  }

  /** Analytics, live counts and the dashboard. */
  record Queries() implements RolePart {
    @Override
    public void start(Connections connections) {
      var platform = connections.platform();
      var feed = new RedisFeed(platform.vertx(), connections.stores().redis().orElseThrow());
      platform.closer().add(feed::close);
      feed.start().await();
      platform.deploy(
          new QueryVerticle(
              connections.api(),
              connections.stores().query(connections.links()),
              platform.settings().retention(),
              connections.windows(),
              platform.time(),
              platform.random(),
              platform.metrics()));
    }
  }
}
