// The page "Overview": all links of an owner together.
/** @import { Page, PageContext, TopLink } from './types.js' */
import { messageOf, topLinks } from './api.js';
import { el, repeatWhileVisible, replaceContent, table } from './dom.js';
import { HERE, count, percent } from './format.js';
import { hourPanel } from './hourpanel.js';
import { Report, ownerSubject } from './report.js';
import { address } from './route.js';

const REFRESH_PERIOD = 30_000; // ms
const TITLE = 'Top links (30 days)';

/**
 * @param {PageContext} page
 * @returns {Page}
 */
export function overview(page) {
  const { owner, signal } = page;
  const report = new Report(ownerSubject(owner), signal);
  const hour = hourPanel(page, { owner }, { onClicks: () => report.markStale() });
  const panel = el('section', { class: 'card panel' });
  const read = async () => {
    try {
      const { links } = await topLinks(owner, { interval: '30d', tz: HERE, limit: '10' }, signal);
      replaceContent(panel, el('h2', null, TITLE), topLinksView(links));
    } catch (failure) {
      if (!signal.aborted) panel.replaceChildren(el('p', { class: 'error' }, messageOf(failure)));
    }
  };
  read();
  repeatWhileVisible(REFRESH_PERIOD, read, signal);
  return {
    title: 'Overview',
    element: el('div', null, el('h1', null, 'Overview'), hour, panel, report.element),
    update: () => report.update(),
  };
}

/** @param {TopLink[]} links */
function topLinksView(links) {
  if (links.length === 0) {
    return el('p', { class: 'muted' }, 'No clicks yet. ', el('a', { href: address('links') }, 'Create a link'), ' and open it.');
  }
  return table(TITLE, ['Link', ['Clicks', 'number'], ['Humans', 'number'], ['Bot share', 'number']], links.map(({ code, clicks, human, bot }) =>
    [el('a', { href: address('links', code), 'data-key': code }, code), count(clicks), count(human), percent(bot, clicks)]));
}
