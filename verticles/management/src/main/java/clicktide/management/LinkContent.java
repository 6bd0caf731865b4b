package clicktide.management;

import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;

/** The part of a link that a write decides. */
record LinkContent(Rules rules, Notes notes) {
  static LinkContent of(Link link) {
    return new LinkContent(link.rules(), link.notes());
  }

  LinkContent withExternalId(String id) {
    return new LinkContent(rules, notes.withExternalId(id));
  }

  LinkContent withState(Link.State state) {
    return new LinkContent(rules.withState(state), notes);
  }
}
