// Charts as small SVGs. Behind each is a table with the same numbers.
import { draw, el, replace, table } from './dom.js';
import { compact, count, moment, percent, tick } from './format.js';

const HEIGHT = 100; // of the drawing; the page stretches it
const LABEL_WIDTH = 80; // pixels
const STATES = { final: 'final', provisional: 'provisional', open: 'in progress' };

/** The next round number of which a few steps reach the most. */
function step(most) {
  const rough = Math.max(most, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough && Number.isInteger(size)) ?? Math.ceil(rough);
}

/**
 * Columns by time. A point is `{ label, long, total, bots, state }`: how its place is labelled on the axis and in words, its
 * clicks, how many of them are machines', and whether it is `final`, `provisional` or still `open`. `before` are the totals
 * of the period before. Show it again and only what has changed is drawn.
 */
export class Columns {
  #title;
  #readable;
  #readout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  #scale = el('div', { class: 'scale', 'aria-hidden': 'true' });
  #axis = el('div', { class: 'axis', 'aria-hidden': 'true' });
  #grid = draw('g', { class: 'grid' });
  #columns = draw('g');
  #before = draw('path', { class: 'before', 'vector-effect': 'non-scaling-stroke' });
  #drawing = draw('svg', { role: 'img', preserveAspectRatio: 'none' }, this.#grid, this.#columns, this.#before);
  #table = el('div');
  #behind = el('details', { class: 'behind', ontoggle: () => this.#tabulate() }, el('summary', null, 'View as table'), this.#table);
  #points = [];
  #told = [];
  #summary = '';
  #pointed = null; // the number of a column
  #tabulated = 0;

  /** The table is made anew at most each `readable` milliseconds. */
  constructor(title, readable = 0) {
    this.#title = title;
    this.#readable = readable;
    this.#drawing.addEventListener('pointermove', ({ clientX }) => {
      const { left, width } = this.#drawing.getBoundingClientRect();
      this.#pointed = Math.floor((this.#points.length * (clientX - left)) / width);
      this.#read();
    });
    this.#drawing.addEventListener('pointerleave', () => {
      this.#pointed = null;
      this.#read();
    });
    this.element = el('div', { class: 'columns' }, this.#readout,
      el('div', { class: 'plot' }, this.#scale, this.#drawing), this.#axis, this.#behind);
  }

  show(points, before = []) {
    this.#points = points;
    const most = Math.max(0, ...points.map(({ total }) => total), ...before);
    const size = step(most);
    const steps = Math.max(1, Math.ceil(most / size));
    const y = (clicks) => HEIGHT - (HEIGHT * Math.max(0, clicks)) / (size * steps);
    this.#drawing.setAttribute('viewBox', `0 0 ${points.length} ${HEIGHT}`);
    const levels = Array.from({ length: steps + 1 }, (_, i) => i * size);
    this.#scale.replaceChildren(...levels.map((level) => el('span', null, compact(level))).reverse());
    this.#grid.replaceChildren(...levels.map((level) =>
      draw('line', { x1: 0, x2: points.length, y1: y(level), y2: y(level), 'vector-effect': 'non-scaling-stroke' })));
    this.#column(points, y);
    this.#before.setAttribute('d', before.slice(0, points.length).map((clicks, i) => `M${i} ${y(clicks)}h1`).join(''));
    this.#label(points);
    this.#summary = this.#sum(points);
    this.#told = before;
    this.#read();
    this.#drawing.setAttribute('aria-label', `${this.#title}. ${this.#summary}. See the table below for the numbers.`);
    if (Date.now() - this.#tabulated > this.#readable) this.#tabulate();
  }

  /** Two bars for each point, people's below machines'; they stay and are moved. */
  #column(points, y) {
    while (this.#columns.childElementCount > points.length) this.#columns.lastChild.remove();
    while (this.#columns.childElementCount < points.length) {
      this.#columns.append(draw('g', null, draw('rect', { class: 'people', width: 0.8 }), draw('rect', { class: 'bots', width: 0.8 })));
    }
    points.forEach(({ total, bots, state }, i) => {
      const group = this.#columns.children[i];
      const [people, machines] = group.children;
      group.setAttribute('class', state);
      place(people, i + 0.1, y(total - bots), HEIGHT);
      place(machines, i + 0.1, y(total), y(total - bots));
    });
  }

  #label(points) {
    const fitting = Math.max(2, Math.floor((this.#axis.clientWidth || 320) / LABEL_WIDTH));
    const some = Math.max(1, Math.ceil(points.length / fitting));
    const labels = points.map(({ label }, i) => [label, i]).filter(([, i]) => i % some === 0);
    this.#axis.replaceChildren(...labels.map(([label, i]) => {
      const span = el('span', null, label);
      span.style.left = `${(100 * (i + 0.1)) / points.length}%`;
      return span;
    }));
  }

  #sum(points) {
    const total = points.reduce((sum, point) => sum + point.total, 0);
    const most = points.reduce((best, point) => (point.total > best.total ? point : best), points[0]);
    return most?.total > 0 ? `${count(total)} clicks, peak at ${most.long}: ${count(most.total)}` : 'No clicks yet';
  }

  /** Says the column that is pointed at, or all in short. */
  #read() {
    const i = this.#pointed;
    const point = this.#points[i];
    if (!point) {
      this.#readout.textContent = this.#summary;
      return;
    }
    const machines = point.bots > 0 ? `, ${count(point.bots)} by bots` : '';
    const before = this.#told[i] === undefined ? '' : `; previous period: ${count(this.#told[i])}`;
    const state = point.state === 'open' ? '; in progress' : '';
    this.#readout.textContent = `${point.long}: ${count(point.total)} clicks${machines}${before}${state}`;
  }

  #tabulate() {
    if (!this.#behind.open) return;
    this.#tabulated = Date.now();
    const split = this.#points.some(({ bots }) => bots > 0);
    const heads = ['Time', ['Clicks', 'number'], ...(split ? [['Bots', 'number']] : []),
      ...(this.#told.length ? [['Previous period', 'number']] : []), 'State'];
    const rows = this.#points.map((point, i) => [point.long, count(point.total), ...(split ? [count(point.bots)] : []),
      ...(this.#told.length ? [this.#told[i] === undefined ? '–' : count(this.#told[i])] : []), STATES[point.state]]);
    replace(this.#table, el('div', { class: 'scroll', tabindex: 0, 'data-key': 'table' }, table(this.#title, heads, rows)));
  }
}

/** The points of an answer of the API; `bots` are clicks of machines by the start of a bucket. */
export function pointsOf({ series, bucket, tz, to, freshThrough }, bots = new Map()) {
  const starts = [...series.map(({ bucketStart }) => bucketStart), to].map(Date.parse);
  return series.map(({ bucketStart, clicks, isFinalized }, i) => ({
    label: tick(starts[i], bucket, tz),
    long: moment(starts[i], bucket, tz),
    total: clicks,
    bots: Math.min(clicks, bots.get(bucketStart) ?? 0),
    state: isFinalized ? 'final' : starts[i + 1] > Date.parse(freshThrough) ? 'open' : 'provisional',
  }));
}

function place(rect, x, top, bottom) {
  rect.setAttribute('x', x);
  rect.setAttribute('y', top);
  rect.setAttribute('height', Math.max(0, bottom - top));
}

/** A row of numbers as a small picture. */
export function sparkline(numbers, about) {
  const most = Math.max(1, ...numbers);
  const path = numbers.map((number, i) => (number > 0 ? `M${i + 0.5} ${20 - (20 * number) / most}V20` : '')).join('');
  return draw('svg', { class: 'sparkline', viewBox: `0 0 ${numbers.length} 20`, preserveAspectRatio: 'none', role: 'img', 'aria-label': about },
    draw('path', { d: path }));
}

/**
 * Values with their counts, the largest first, as a table whose rows have bars. A row is `{ value, text, clicks }`;
 * `only` and `not` are told the value that is chosen or left out.
 */
export function ranking(caption, rows, all, { only, not }) {
  const most = Math.max(1, ...rows.map(({ clicks }) => clicks));
  const line = ({ value, text, clicks }) => {
    const bar = draw('svg', { class: 'bar', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      draw('rect', { width: (100 * clicks) / most, height: 1 }));
    const isFilter = value !== '' && value !== '__other__' && !/^-|,/.test(value); // what a comma list can name
    const name = isFilter
      ? el('button', { class: 'value', type: 'button', title: `Show only ${text}`, 'data-key': `only ${value}`, onclick: () => only(value) }, text)
      : el('span', { class: 'value' }, text);
    const without = isFilter
      && el('button', { 'data-key': `not ${value}`, class: 'plain without', type: 'button', 'aria-label': `Exclude ${text}`, title: `Exclude ${text}`, onclick: () => not(value) }, '−');
    return [el('div', { class: 'ranked' }, bar, name, without), count(clicks), percent(clicks, all)];
  };
  return table(caption, [caption, ['Clicks', 'number'], ['Share', 'number']], rows.map(line));
}
