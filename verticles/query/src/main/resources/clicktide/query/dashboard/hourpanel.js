// The last hour of a link or an owner, moving.
import { Columns } from './charts.js';
import { el, every } from './dom.js';
import { HERE, count, tick } from './format.js';

const MINUTE = 60_000;
const READABLE = 5_000; // so long the table behind the chart stays as it is

/**
 * Watches it, and draws it at most once for a frame, however many messages come, and each second. `looked` gets each look at
 * it; `moved` is told when clicks have come.
 */
export function lastHour({ watch, signal }, subject, { looked = () => {}, moved = () => {} }) {
  const chart = new Columns('Clicks by minute in the last hour', READABLE);
  const hour = el('strong', null, '–');
  const minute = el('strong', null, '–');
  const rate = el('strong', null, '–');
  const part = el('p', { class: 'soft', hidden: true }, 'Links with few clicks are included in the totals only.');
  let held = null;
  let isDue = false;

  const show = () => {
    isDue = false;
    const look = held.look();
    hour.textContent = count(look.total);
    minute.textContent = count(look.sums.at(-1));
    rate.textContent = look.perSecond >= 10 ? count(Math.round(look.perSecond)) : look.perSecond.toFixed(1);
    const fresh = held.freshThrough ?? 0;
    chart.show(look.sums.map((clicks, i) => {
      const start = look.start + i * MINUTE;
      const label = tick(start, 'minute', HERE);
      return { label, long: label, total: clicks, bots: 0, state: start + MINUTE > fresh ? 'open' : 'provisional' };
    }));
    part.hidden = !held.isPart;
    looked(look);
  };
  watch(subject, (newest, hasMoved) => {
    held = newest;
    if (hasMoved) moved();
    if (!isDue) requestAnimationFrame(show);
    isDue = true;
  });
  every(1000, () => held && show(), signal);
  chart.show([]);
  return el('section', { class: 'card live', 'aria-label': 'Last hour' },
    el('dl', { class: 'now' },
      el('div', null, el('dt', null, 'Last hour'), el('dd', null, hour)),
      el('div', null, el('dt', null, 'This minute'), el('dd', null, minute)),
      el('div', null, el('dt', null, 'Clicks/s'), el('dd', null, rate))),
    chart.element, part);
}
