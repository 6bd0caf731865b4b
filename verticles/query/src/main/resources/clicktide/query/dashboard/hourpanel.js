// The panel "Last hour" of a link or an owner.
/** @import { HourView, LiveSubject, PageContext } from './types.js' */
/** @import { HourCounts } from './hourcounts.js' */
import { ColumnChart } from './charts.js';
import { el, repeatWhileVisible } from './dom.js';
import { HERE, count, tickLabel } from './format.js';

const MINUTE = 60_000; // ms
const TABLE_PERIOD = 5_000; // ms, so that the table can be read

/**
 * Creates the panel. It is redrawn each second and after messages, at most once per frame.
 * @param {Pick<PageContext, 'watch' | 'signal'>} page
 * @param {LiveSubject} subject
 * @param {{ onView?: (view: HourView) => void, onClicks?: () => void }} [listeners] `onView` is called with each view that is
 *   drawn, `onClicks` when clicks have arrived
 */
export function hourPanel({ watch, signal }, subject, { onView = () => {}, onClicks = () => {} } = {}) {
  const chart = new ColumnChart('Clicks by minute in the last hour', TABLE_PERIOD);
  const hour = el('strong', null, '–');
  const minute = el('strong', null, '–');
  const rate = el('strong', null, '–');
  const partial = el('p', { class: 'muted', hidden: true }, 'Links with few clicks are included in the totals only.');
  /** @type {HourCounts | null} */
  let counts = null;
  let isFramePending = false;

  const show = () => {
    isFramePending = false;
    if (!counts) return;
    const view = counts.view();
    const watermark = counts.freshThrough ?? 0;
    hour.textContent = count(view.total);
    minute.textContent = count(view.minutes[view.minutes.length - 1]);
    rate.textContent = view.perSecond >= 10 ? count(Math.round(view.perSecond)) : view.perSecond.toFixed(1);
    chart.show(view.minutes.map((clicks, i) => {
      const start = view.start + i * MINUTE;
      const label = tickLabel(start, 'minute', HERE);
      return { label, description: label, clicks, bots: 0, state: start + MINUTE > watermark ? 'open' : 'provisional' };
    }));
    partial.hidden = !counts.isPartial;
    onView(view);
  };
  watch(subject, (newest, hasChanged) => {
    counts = newest;
    if (hasChanged) onClicks();
    if (!isFramePending) requestAnimationFrame(show);
    isFramePending = true;
  });
  repeatWhileVisible(1000, show, signal);
  chart.show([]);
  const figure = (/** @type {string} */ name, /** @type {Element} */ value) => el('div', null, el('dt', null, name), el('dd', null, value));
  return el('section', { class: 'card live', 'aria-label': 'Last hour' },
    el('dl', { class: 'now' }, figure('Last hour', hour), figure('This minute', minute), figure('Clicks/s', rate)),
    chart.element, partial);
}
