package clicktide.timescale;

import clicktide.store.Rollups.Question;
import clicktide.store.Whose;

/**
 * Whose rows a statement reads: the begin of the names of its aggregates, the condition on a row of
 * these, the condition on base rows {@code r}, and the first parameter, on which both depend.
 */
record Subject(String aggregates, String ofAggregates, String ofRows, Object parameter) {
  static Subject of(Question question) {
    return question
        .only()
        .map(
            links ->
                new Subject(
                    "link", "link = ANY ($1)", "r.link = ANY ($1)", links.toArray(Long[]::new)))
        .orElseGet(() -> of(question.whose()));
  }

  static Subject of(Whose whose) {
    return switch (whose) {
      case Whose.Link link -> new Subject("link", "link = $1", "r.link = $1", link.id());
      case Whose.Owner owner ->
          new Subject(
              "owner",
              "owner = $1",
              "r.owner = $1 AND r.link IN (SELECT id FROM link WHERE owner = $1)", // by the index
              owner.owner().number());
    };
  }
}
