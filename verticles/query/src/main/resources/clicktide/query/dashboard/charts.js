// Charts as small SVGs. Each chart has a table with the same numbers.
/** @import { BucketState, ChartPoint, Head } from './types.js' */
import { el, replaceContent, svg, table } from './dom.js';
import { compact, count, percent } from './format.js';
import { axisLevels, labelStride } from './scale.js';

const HEIGHT = 100; // of the drawing; the page stretches it
const ASSUMED_WIDTH = 320; // pixels, of an axis that is not laid out yet
/** @type {Record<BucketState, string>} */
const STATES = { final: 'final', provisional: 'provisional', open: 'in progress' };

/** A column chart over time. A later `show` redraws only the differences. */
export class ColumnChart {
  #title;
  #tablePeriod;
  #readout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  #scale = el('div', { class: 'scale', 'aria-hidden': 'true' });
  #axis = el('div', { class: 'axis', 'aria-hidden': 'true' });
  #grid = svg('g', { class: 'grid' });
  #columns = svg('g');
  #previousMarks = svg('path', { class: 'previous', 'vector-effect': 'non-scaling-stroke' });
  #drawing = svg('svg', { role: 'img', preserveAspectRatio: 'none' }, this.#grid, this.#columns, this.#previousMarks);
  #table = el('div');
  #details = el('details', { class: 'chart-table', ontoggle: () => this.#showTable() }, el('summary', null, 'View as table'), this.#table);
  /** @type {ChartPoint[]} */
  #points = [];
  /** @type {number[]} */
  #previous = [];
  #summary = '';
  /** The index of the column under the pointer. @type {number | null} */
  #pointed = null;
  #tableShownAt = 0;

  /**
   * @param {string} title
   * @param {number} [tablePeriod] minimum time between two updates of the table, in milliseconds
   */
  constructor(title, tablePeriod = 0) {
    this.#title = title;
    this.#tablePeriod = tablePeriod;
    this.#drawing.addEventListener('pointermove', ({ clientX }) => {
      const { left, width } = this.#drawing.getBoundingClientRect();
      this.#pointed = Math.floor((this.#points.length * (clientX - left)) / width);
      this.#showReadout();
    });
    this.#drawing.addEventListener('pointerleave', () => {
      this.#pointed = null;
      this.#showReadout();
    });
    this.element = el('div', { class: 'columns' }, this.#readout,
      el('div', { class: 'plot' }, this.#scale, this.#drawing), this.#axis, this.#details);
  }

  /**
   * Shows columns.
   * @param {ChartPoint[]} points
   * @param {number[]} [previous] clicks of the same columns in the previous period
   */
  show(points, previous = []) {
    this.#points = points;
    this.#previous = previous;
    const levels = axisLevels(Math.max(0, ...points.map(({ clicks }) => clicks), ...previous));
    const top = levels[levels.length - 1];
    const y = (/** @type {number} */ clicks) => HEIGHT - (HEIGHT * Math.max(0, clicks)) / top;
    this.#drawing.setAttribute('viewBox', `0 0 ${points.length} ${HEIGHT}`);
    this.#scale.replaceChildren(...levels.map((level) => el('span', null, compact(level))).reverse());
    this.#grid.replaceChildren(...levels.map((level) =>
      svg('line', { x1: 0, x2: points.length, y1: y(level), y2: y(level), 'vector-effect': 'non-scaling-stroke' })));
    this.#draw(points, y);
    this.#previousMarks.setAttribute('d', previous.slice(0, points.length).map((clicks, i) => `M${i} ${y(clicks)}h1`).join(''));
    this.#label(points);
    this.#summary = summaryOf(points);
    this.#showReadout();
    this.#drawing.setAttribute('aria-label', `${this.#title}. ${this.#summary}. See the table below for the numbers.`);
    if (Date.now() - this.#tableShownAt > this.#tablePeriod) this.#showTable();
  }

  /**
   * Draws two bars per column, humans below bots. Existing elements are moved, not replaced.
   * @param {ChartPoint[]} points
   * @param {(clicks: number) => number} y
   */
  #draw(points, y) {
    while (this.#columns.childElementCount > points.length) this.#columns.lastChild?.remove();
    while (this.#columns.childElementCount < points.length) {
      this.#columns.append(svg('g', null, svg('rect', { class: 'human', width: 0.8 }), svg('rect', { class: 'bot', width: 0.8 })));
    }
    points.forEach(({ clicks, bots, state }, i) => {
      const column = this.#columns.children[i];
      const [human, bot] = column.children;
      column.setAttribute('class', state);
      moveBar(human, i + 0.1, y(clicks - bots), HEIGHT);
      moveBar(bot, i + 0.1, y(clicks), y(clicks - bots));
    });
  }

  /** @param {ChartPoint[]} points */
  #label(points) {
    const stride = labelStride(points.length, this.#axis.clientWidth || ASSUMED_WIDTH);
    const labels = points.flatMap(({ label }, i) => (i % stride === 0 ? [{ label, i }] : []));
    this.#axis.replaceChildren(...labels.map(({ label, i }) => {
      const span = el('span', null, label);
      span.style.left = `${(100 * (i + 0.1)) / points.length}%`;
      return span;
    }));
  }

  /** Describes the column under the pointer, or else the whole chart. */
  #showReadout() {
    const i = this.#pointed ?? -1;
    const point = this.#points[i];
    if (!point) {
      this.#readout.textContent = this.#summary;
      return;
    }
    const bots = point.bots > 0 ? `, ${count(point.bots)} by bots` : '';
    const previous = this.#previous[i] === undefined ? '' : `; previous period: ${count(this.#previous[i])}`;
    const state = point.state === 'open' ? '; in progress' : '';
    this.#readout.textContent = `${point.description}: ${count(point.clicks)} clicks${bots}${previous}${state}`;
  }

  #showTable() {
    if (!this.#details.open) return;
    this.#tableShownAt = Date.now();
    const hasBots = this.#points.some(({ bots }) => bots > 0);
    const hasPrevious = this.#previous.length > 0;
    /** @type {Head[]} */
    const heads = ['Time', ['Clicks', 'number']];
    if (hasBots) heads.push(['Bots', 'number']);
    if (hasPrevious) heads.push(['Previous period', 'number']);
    heads.push('State');
    const rows = this.#points.map(({ description, clicks, bots, state }, i) => {
      const cells = [description, count(clicks)];
      if (hasBots) cells.push(count(bots));
      if (hasPrevious) cells.push(this.#previous[i] === undefined ? '–' : count(this.#previous[i]));
      return [...cells, STATES[state]];
    });
    replaceContent(this.#table, el('div', { class: 'scroll', tabindex: 0, 'data-key': 'table' }, table(this.#title, heads, rows)));
  }
}

/**
 * Describes a chart in one line: the total and its highest column.
 * @param {ChartPoint[]} points
 */
function summaryOf(points) {
  const total = points.reduce((sum, { clicks }) => sum + clicks, 0);
  const peak = points.reduce((best, point) => (point.clicks > best.clicks ? point : best), points[0]);
  return peak?.clicks > 0 ? `${count(total)} clicks, peak at ${peak.description}: ${count(peak.clicks)}` : 'No clicks yet';
}

/**
 * @param {Element} bar
 * @param {number} x
 * @param {number} top
 * @param {number} bottom
 */
function moveBar(bar, x, top, bottom) {
  bar.setAttribute('x', String(x));
  bar.setAttribute('y', String(top));
  bar.setAttribute('height', String(Math.max(0, bottom - top)));
}

/**
 * Draws numbers as a small picture without axes.
 * @param {number[]} numbers
 * @param {string} label
 */
export function sparkline(numbers, label) {
  const max = Math.max(1, ...numbers);
  const path = numbers.map((number, i) => (number > 0 ? `M${i + 0.5} ${20 - (20 * number) / max}V20` : '')).join('');
  return svg('svg', {
    class: 'sparkline', viewBox: `0 0 ${numbers.length} 20`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label,
  }, svg('path', { d: path }));
}

/**
 * Creates a table of values with bars and shares. Each value is a button that filters by it or excludes it.
 * @param {string} caption
 * @param {{ value: string, text: string, clicks: number }[]} rows largest first
 * @param {number} total the clicks that are 100 %
 * @param {{ include: (value: string) => void, exclude: (value: string) => void }} listeners
 */
export function rankingTable(caption, rows, total, { include, exclude }) {
  const max = Math.max(1, ...rows.map(({ clicks }) => clicks));
  return table(caption, [caption, ['Clicks', 'number'], ['Share', 'number']], rows.map(({ value, text, clicks }) => {
    const bar = svg('svg', { class: 'bar', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { width: (100 * clicks) / max, height: 1 }));
    const name = isFilterable(value)
      ? el('button', {
        class: 'value', type: 'button', title: `Show only ${text}`, 'data-key': `include ${value}`, onclick: () => include(value),
      }, text)
      : el('span', { class: 'value' }, text);
    const without = isFilterable(value) && el('button', {
      class: 'plain exclude', type: 'button', 'aria-label': `Exclude ${text}`, title: `Exclude ${text}`, 'data-key': `exclude ${value}`,
      onclick: () => exclude(value),
    }, '−');
    return [el('div', { class: 'ranked' }, bar, name, without), count(clicks), percent(clicks, total)];
  }));
}

/**
 * Checks if a comma-separated filter can contain a value.
 * @param {string} value
 */
const isFilterable = (value) => value !== '' && value !== '__other__' && !/^-|,/.test(value);
