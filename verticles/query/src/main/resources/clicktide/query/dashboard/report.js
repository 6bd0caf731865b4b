// The report of a link or an owner: totals, chart, breakdowns, ledger and latest clicks of a range.
/** @import { Analytics, Breakdown, ClickEvent, Ledger, Child } from './types.js' */
import { ask, messageOf, path } from './api.js';
import { ColumnChart, rankingTable } from './charts.js';
import { Controls } from './controls.js';
import { csv, save } from './csv.js';
import { el, listItems, repeatWhileVisible, replaceContent, select } from './dom.js';
import { valueLabel, warningTexts } from './format.js';
import { PANELS, ReportQuery } from './reportquery.js';
import { reportRows } from './reportrows.js';
import { comparisonText, eventsView, figures, freshnessText, ledgerView, legend } from './reportviews.js';
import { change } from './route.js';
import { chartPoints, clicksByStart, isComplete } from './series.js';

const MAX_ROWS = 8; // of a breakdown
const MAX_EVENTS = 50;
const STALE_PERIOD = 5_000; // ms between two loads if clicks have arrived
const REFRESH_PERIOD = 30_000; // ms between two loads otherwise

/**
 * The subject of a report: its path in the API, the prefix of names of exported files, and the maximum number of its latest
 * clicks.
 * @typedef {{ base: string, file: string, maxEvents: number }} ReportSubject
 */

/**
 * @param {string} code
 * @returns {ReportSubject}
 */
export const linkSubject = (code) => ({ base: path`/v1/links/${code}`, file: code, maxEvents: 100 });

/**
 * @param {string} owner
 * @returns {ReportSubject}
 */
export const ownerSubject = (owner) => ({ base: path`/v1/owners/${owner}`, file: 'clicktide', maxEvents: 1000 });

export class Report {
  #subject;
  #signal;
  #query = new ReportQuery();
  /** Aborts the requests that are in flight. @type {AbortController | null} */
  #requests = null;
  #loadedAt = 0;
  #isStale = false;
  #isLoading = false;
  /** @type {Analytics | null} */
  #analytics = null;
  /** Bot clicks by the start of their bucket, null if the traffic is filtered. @type {Map<string, number> | null} */
  #bots = null;
  /** The dimension that is selected in a panel with several dimensions. @type {Record<number, string>} */
  #selected = {};
  /** By index of the panel. @type {Record<number, Breakdown>} */
  #breakdowns = {};
  /** @type {Ledger | null} */
  #ledger = null;
  /** @type {ClickEvent[]} */
  #events = [];
  #chart = new ColumnChart('Clicks by time');
  #controls = new Controls(() => this.#export());
  #figures = el('dl', { class: 'figures' });
  #comparison = el('p', { class: 'muted' });
  #freshness = el('p', { class: 'muted freshness' });
  #warnings = el('ul', { class: 'warnings' });
  #panels = PANELS.map(() => el('section', { class: 'card panel' }));
  #ledgerPanel = el('section', { class: 'card ledger' });
  #eventsPanel = el('section', { class: 'card events' });

  /**
   * @param {ReportSubject} subject
   * @param {AbortSignal} signal
   */
  constructor(subject, signal) {
    this.#subject = subject;
    this.#signal = signal;
    this.element = el('div', { class: 'report' },
      this.#controls.element, this.#figures,
      el('section', { class: 'card', 'aria-label': 'Clicks by time' },
        this.#chart.element, legend(), this.#comparison, this.#freshness, this.#warnings),
      el('div', { class: 'panels' }, this.#panels), this.#ledgerPanel, this.#eventsPanel);
    this.#chart.show([]);
    repeatWhileVisible(1000, () => this.#refresh(), signal);
    this.update();
  }

  /** Marks the report as stale, so that it is loaded again soon. */
  markStale() {
    this.#isStale = true;
  }

  /** Loads the report for the query of the address. */
  update() {
    this.#query = new ReportQuery();
    this.#controls.show(this.#query);
    this.element.setAttribute('aria-busy', 'true');
    this.#controls.enableExport(false);
    this.#load();
  }

  #refresh() {
    const isFixed = this.#query.interval === 'custom' && isComplete(this.#analytics);
    const isDue = Date.now() - this.#loadedAt > (this.#isStale ? STALE_PERIOD : REFRESH_PERIOD);
    if (!isFixed && isDue && !this.#isLoading) this.#load();
    if (this.#analytics) this.#freshness.textContent = freshnessText(this.#analytics);
  }

  async #load() {
    this.#requests?.abort();
    const requests = new AbortController();
    this.#requests = requests;
    this.#loadedAt = Date.now();
    this.#isStale = false;
    this.#isLoading = true;
    try {
      await this.#read(this.#query, AbortSignal.any([this.#signal, requests.signal]));
    } catch (failure) {
      if (!requests.signal.aborted && !this.#signal.aborted) this.#fail(messageOf(failure));
    }
    if (this.#requests === requests) this.#isLoading = false;
  }

  /**
   * Reads the series first, then the other parts for exactly its range, because a series has whole buckets.
   * @param {ReportQuery} query
   * @param {AbortSignal} signal
   */
  async #read(query, signal) {
    /**
     * @param {Record<string, string | number | null | undefined>} more
     * @param {URLSearchParams} [range]
     * @returns {Promise<Analytics>}
     */
    const get = (more, range) => ask(`${this.#subject.base}/analytics`, { query: query.parameters(more, range), signal });
    const { bucket } = query;
    const [analytics, bots] = await Promise.all([
      get({ bucket, metrics: 'clicks,uniqueVisitors,scans', compare: query.get('compare') }),
      query.get('traffic') ? null : get({ bucket, metrics: 'clicks,scans', traffic: 'bot' }), // answered by the same store
    ]);
    this.#show(analytics, bots);
    this.#breakdowns = {};
    this.#ledger = null;
    this.#events = [];
    /**
     * Fills a panel, or shows there why it cannot be filled.
     * @param {Element} panel
     * @param {Promise<Child[]>} content
     */
    const fill = async (panel, content) => {
      try {
        replaceContent(panel, await content);
      } catch (failure) {
        if (!signal.aborted) replaceContent(panel, el('p', { class: 'error' }, messageOf(failure)));
      }
    };
    const range = new URLSearchParams({ tz: analytics.tz, from: analytics.from, to: analytics.to });
    await Promise.all([
      ...this.#panels.map((panel, i) =>
        fill(panel, this.#readBreakdown(i, (dimension) => get({ bucket: 'total', dimensions: dimension, limit: MAX_ROWS }, range)))),
      fill(this.#ledgerPanel, this.#readLedger(range, signal)),
      fill(this.#eventsPanel, this.#readEvents(query, signal)),
    ]);
    if (signal.aborted) return;
    this.element.removeAttribute('aria-busy');
    this.#controls.enableExport(true);
  }

  /**
   * Shows an error. Numbers on screen are kept only if they belong to the current query.
   * @param {string} message
   */
  #fail(message) {
    this.#warnings.replaceChildren(el('li', { role: 'alert', class: 'error' }, message));
    if (!this.element.hasAttribute('aria-busy')) return;
    this.#analytics = null;
    this.#chart.show([]);
    for (const part of [this.#figures, this.#ledgerPanel, this.#eventsPanel, ...this.#panels]) part.replaceChildren();
    this.#freshness.textContent = '';
    this.element.removeAttribute('aria-busy');
  }

  /**
   * @param {Analytics} analytics
   * @param {Analytics | null} bots the same query for bots only
   */
  #show(analytics, bots) {
    this.#analytics = analytics;
    this.#bots = bots && clicksByStart(bots);
    const botsOfColumns = this.#query.get('traffic') === 'bot' ? clicksByStart(analytics) : this.#bots;
    this.#chart.show(chartPoints(analytics, botsOfColumns ?? undefined), analytics.previous?.series.map(({ clicks }) => clicks));
    replaceContent(this.#figures, figures(analytics));
    this.#comparison.textContent = comparisonText(analytics);
    this.#freshness.textContent = freshnessText(analytics);
    this.#warnings.replaceChildren(...listItems(warningTexts(analytics.meta)));
  }

  /**
   * @param {number} i index of the panel
   * @param {(dimension: string) => Promise<Analytics>} read
   */
  async #readBreakdown(i, read) {
    const dimensions = PANELS[i];
    const [first] = Object.keys(dimensions);
    const dimension = this.#selected[i] ?? first;
    const { series, totals } = await read(dimension);
    this.#breakdowns[i] = { dimension, series };
    const rows = series.map((point) => {
      const value = String(point[dimension]);
      return { value, text: valueLabel(dimension, value), clicks: point.clicks };
    });
    const onSelect = (/** @type {string} */ value) => {
      this.#selected[i] = value;
      this.#load();
    };
    return [
      breakdownTitle(dimensions, dimension, onSelect),
      rows.length === 0
        ? el('p', { class: 'muted' }, 'No clicks in this range.')
        : rankingTable(dimensions[dimension], rows, totals.clicks.total, {
          include: (value) => change({ [dimension]: value }),
          exclude: (value) => {
            const filter = this.#query.get(dimension);
            change({ [dimension]: filter?.startsWith('-') ? `${filter},-${value}` : `-${value}` });
          },
        }),
    ];
  }

  /**
   * @param {URLSearchParams} range
   * @param {AbortSignal} signal
   */
  async #readLedger(range, signal) {
    /** @type {Ledger} */
    const ledger = await ask(`${this.#subject.base}/ledger`, { query: range, signal });
    this.#ledger = ledger;
    return ledgerView(ledger);
  }

  /**
   * @param {ReportQuery} query
   * @param {AbortSignal} signal
   */
  async #readEvents(query, signal) {
    const limit = String(this.#subject.maxEvents);
    /** @type {{ events: ClickEvent[] }} */
    const { events } = await ask(`${this.#subject.base}/events`, { query: new URLSearchParams({ limit }), signal });
    this.#events = events.filter((event) => query.matches(event)).slice(0, MAX_EVENTS);
    return eventsView(this.#events, events.length, query);
  }

  #export() {
    const analytics = this.#analytics;
    if (!analytics) return;
    const rows = reportRows({
      base: this.#subject.base, query: this.#query, analytics, bots: this.#bots,
      breakdowns: Object.values(this.#breakdowns), ledger: this.#ledger, events: this.#events,
    });
    save(`${this.#subject.file}-${analytics.bucket}.csv`, csv(rows));
  }
}

/**
 * Creates the title of a panel: a text, or a list to select a dimension from.
 * @param {Record<string, string>} dimensions
 * @param {string} selected
 * @param {(dimension: string) => void} onSelect
 */
function breakdownTitle(dimensions, selected, onSelect) {
  const options = Object.entries(dimensions);
  return el('h2', null, options.length === 1
    ? dimensions[selected]
    : select(options, selected, onSelect, { 'aria-label': 'Dimension', 'data-key': 'dimension' }));
}
