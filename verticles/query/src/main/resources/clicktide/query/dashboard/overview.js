// All of an owner together.
import { topLinks } from './api.js';
import { el, every, replace, table } from './dom.js';
import { HERE, count, percent } from './format.js';
import { lastHour } from './hourpanel.js';
import { Report, ofOwner } from './report.js';
import { address } from './route.js';

export function overview(here) {
  const { owner, signal } = here;
  const report = new Report(ofOwner(owner), signal);
  const hour = lastHour(here, { owner }, { moved: () => report.stale() });
  const leaders = el('section', { class: 'card panel' });
  const lead = async () => {
    const { links: top } = await topLinks(owner, { interval: '30d', tz: HERE, limit: 10 }, signal);
    replace(leaders, el('h2', null, 'Top links (30 days)'), top.length === 0
      ? el('p', { class: 'soft' }, 'No clicks yet. ', el('a', { href: address('links') }, 'Create a link'), ' and open it.')
      : table('Top links (30 days)', ['Link', ['Clicks', 'number'], ['Humans', 'number'], ['Bots', 'number']], top.map(({ code, clicks, human, bot }) =>
        [el('a', { href: address('links', code), 'data-key': code }, code), count(clicks), count(human), percent(bot, clicks)])));
  };
  const told = () => lead().catch((failure) => signal.aborted || leaders.replaceChildren(el('p', { class: 'problem' }, failure.message)));
  told();
  every(30_000, told, signal);
  return {
    title: 'Overview',
    element: el('div', null, el('h1', null, 'Overview'), hour, leaders, report.element),
    update: () => report.update(),
  };
}
