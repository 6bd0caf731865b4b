// The links of the last hour, the largest first, with what is remarkable about them.
import { topLinks } from './api.js';
import { sparkline } from './charts.js';
import { el, every, items } from './dom.js';
import { count, percent, remarks } from './format.js';
import { lastHour } from './hourpanel.js';
import { address } from './route.js';

const FLOOD_SHARE = 0.5;
const NOTABLE = 20;
const SPIKE = 4; // times as many
const RECENT = 3; // minutes
const ENOUGH = 10; // minutes

/** Whether the last whole minutes have far more than those before them had, once there were some to compare with. */
export function isSpike(minutes) {
  const mean = (part) => part.reduce((all, clicks) => all + clicks, 0) / part.length;
  const before = minutes.slice(minutes.findIndex((clicks) => clicks > 0), -RECENT - 1);
  const now = mean(minutes.slice(-RECENT - 1, -1));
  return before.length >= ENOUGH && now >= NOTABLE && now > SPIKE * mean(before);
}

export function board(here) {
  const { owner, signal } = here;
  const list = el('ol', { class: 'board' });
  const notes = el('ul', { class: 'remarks' });
  const shown = new Map(); // code -> its row
  let machines = new Map();
  const order = (look) => {
    const leaders = look.links.slice(0, 30);
    const before = new Map([...shown].map(([code, { row }]) => [code, row.offsetTop]));
    const codes = new Set(leaders.map(({ code }) => code));
    for (const [code, { row }] of shown) {
      if (!codes.has(code)) {
        row.remove();
        shown.delete(code);
      }
    }
    leaders.forEach((leader, i) => {
      const known = shown.get(leader.code) ?? lead(leader.code);
      shown.set(leader.code, known);
      known.tell(leader);
      if (list.children[i] !== known.row) put(known.row, list.children[i] ?? null);
    });
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
      for (const [code, { row }] of shown) {
        const moved = (before.get(code) ?? row.offsetTop) - row.offsetTop;
        if (moved) row.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], { duration: 300, easing: 'ease-out' });
      }
    }
  };
  const put = (row, next) => { // a row that is there keeps the focus, where the browser can move it
    if (list.moveBefore && row.parentNode === list) list.moveBefore(row, next);
    else list.insertBefore(row, next);
  };
  const lead = (code) => {
    const picture = el('span', { class: 'picture' });
    const sum = el('strong');
    const running = el('span', { class: 'soft' });
    const marks = el('span', { class: 'marks' });
    const row = el('li', null, el('a', { href: address('links', code) }, code), picture, marks, sum, running);
    const tell = ({ minutes, hour, running: now }) => {
      picture.replaceChildren(sparkline(minutes, 'Clicks by minute in the last hour'));
      sum.textContent = count(hour);
      running.textContent = `${count(now)} this minute`;
      const share = machines.get(code) ?? 0;
      const told = [isSpike(minutes) && 'spike', share >= FLOOD_SHARE && hour >= NOTABLE && `bot traffic: ${percent(share, 1)}`].filter(Boolean);
      marks.replaceChildren(...told.map((text) => el('mark', null, text)));
    };
    return { row, tell };
  };
  const hour = lastHour(here, { owner }, { looked: order });
  const judge = async () => {
    const { links: top, meta } = await topLinks(owner, { interval: '1h', limit: 100 }, signal);
    machines = new Map(top.map(({ code, clicks, bot }) => [code, bot / clicks]));
    notes.replaceChildren(...items(remarks(meta)));
  };
  const judged = () => judge().catch((failure) => {
    machines = new Map();
    notes.replaceChildren(el('li', { class: 'problem' }, `Links with bot traffic cannot be marked: ${failure.message}`));
  });
  judged();
  every(5_000, judged, signal);
  return {
    title: 'Live',
    element: el('div', null, el('h1', null, 'Live'), hour, el('section', { class: 'card' }, el('h2', null, 'Top links in the last hour'), list, notes)),
  };
}
