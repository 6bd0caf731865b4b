// The numbers of a link, or of an owner: a range of them, whole and broken down, with how far they reach.
import { ask, path } from './api.js';
import { Columns, pointsOf, ranking } from './charts.js';
import { Controls } from './controls.js';
import { csv, save } from './csv.js';
import { choice, el, every, items, replace, table } from './dom.js';
import { ago, count, date, dateAndClock, growth, named, percent, remarks } from './format.js';
import { PANELS, Question } from './reportquery.js';
import { change } from './route.js';
import { sheet } from './reportrows.js';

const VISITORS = 'Visitors';
const ROWS = 8;
const SHOWN_EVENTS = 50;
const AGAIN = 5_000; // after clicks were heard of
const OFTEN_ENOUGH = 30_000;

/** A report about what `ofLink` or `ofOwner` names. */
export class Report {
  #about;
  #signal;
  #question;
  #asked = null; // ends the questions that are under way
  #loaded = 0;
  #isStale = false;
  #isLoading = false;
  #answer = null;
  #bots = null; // clicks of machines by bucket, where all traffic is shown
  #breakdowns = {};
  #chosen = {}; // of a panel with several dimensions
  #events = [];
  #books = null;
  #chart = new Columns('Clicks by time');
  #controls = new Controls(() => this.#export());
  #figures = el('dl', { class: 'figures' });
  #compared = el('p', { class: 'soft' });
  #fresh = el('p', { class: 'soft reach' });
  #remarks = el('ul', { class: 'remarks' });
  #panels = PANELS.map(() => el('section', { class: 'card panel' }));
  #ledger = el('section', { class: 'card ledger' });
  #list = el('section', { class: 'card events' });

  constructor(about, signal) {
    this.#about = about;
    this.#signal = signal;
    this.element = el('div', { class: 'report' },
      this.#controls.element, this.#figures,
      el('section', { class: 'card', 'aria-label': 'Clicks by time' }, this.#chart.element, legend(), this.#compared, this.#fresh, this.#remarks),
      el('div', { class: 'panels' }, this.#panels), this.#ledger, this.#list);
    this.#chart.show([]);
    every(1000, () => this.#age(), signal);
    this.update();
  }

  /** New clicks were heard of. */
  stale() {
    this.#isStale = true;
  }

  /** The query of the address has changed. */
  update() {
    this.#question = new Question();
    this.#controls.show(this.#question);
    this.element.setAttribute('aria-busy', true);
    this.#controls.allow(false);
    this.#load();
  }

  #age() {
    const isOver = this.#question.interval === 'custom' && isCounted(this.#answer);
    const isDue = Date.now() - this.#loaded > (this.#isStale ? AGAIN : OFTEN_ENOUGH);
    if (!isOver && isDue && !this.#isLoading) this.#load();
    if (this.#answer) this.#reach();
  }

  async #load() {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    this.#loaded = Date.now();
    this.#isStale = false;
    this.#isLoading = true;
    try {
      await this.#read(this.#question, AbortSignal.any([this.#signal, asked.signal]));
    } catch (failure) {
      if (!asked.signal.aborted && !this.#signal.aborted) this.#fail(failure);
    }
    if (this.#asked === asked) this.#isLoading = false;
  }

  /** The figures first; then all else about exactly the range that these have: whole buckets. */
  async #read(question, signal) {
    const get = (more, range) => ask(`${this.#about.base}/analytics`, { query: question.parameters(more, range), signal });
    const { bucket } = question;
    const [answer, machines] = await Promise.all([
      get({ bucket, metrics: 'clicks,uniqueVisitors,scans', compare: question.get('compare') }),
      question.get('traffic') ? null : get({ bucket, metrics: 'clicks,scans', traffic: 'bot' }), // of the same store
    ]);
    this.#show(answer, machines);
    this.#breakdowns = {};
    this.#books = null;
    this.#events = [];
    const within = (element, part) => part.catch((failure) => signal.aborted || replace(element, el('p', { class: 'problem' }, failure.message)));
    const range = new URLSearchParams({ tz: answer.tz, from: answer.from, to: answer.to });
    await Promise.all([
      ...PANELS.map((_, i) => within(this.#panels[i], this.#breakDown(i, (dimension) => get({ bucket: 'total', dimensions: dimension, limit: ROWS }, range)))),
      within(this.#ledger, ask(`${this.#about.base}/ledger`, { query: range, signal }).then((books) => this.#balance(books))),
      within(this.#list, ask(`${this.#about.base}/events`, { query: new URLSearchParams({ limit: this.#about.most }), signal })
        .then(({ events }) => this.#enumerate(events.filter((event) => question.admits(event)).slice(0, SHOWN_EVENTS), events.length))),
    ]);
    if (signal.aborted) return;
    this.element.removeAttribute('aria-busy');
    this.#controls.allow(true);
  }

  /** What is on screen stays only if it answers the question that is asked. */
  #fail(failure) {
    this.#remarks.replaceChildren(el('li', { role: 'alert', class: 'problem' }, failure.message));
    if (!this.element.hasAttribute('aria-busy')) return;
    this.#answer = null;
    this.#chart.show([]);
    for (const part of [this.#figures, this.#ledger, this.#list, ...this.#panels]) part.replaceChildren();
    this.#fresh.textContent = '';
    this.element.removeAttribute('aria-busy');
  }

  #show(answer, machines) {
    this.#answer = answer;
    this.#bots = machines && byStart(machines);
    const bots = this.#question.get('traffic') === 'bot' ? byStart(answer) : this.#bots;
    this.#chart.show(pointsOf(answer, bots ?? undefined), answer.previous?.series.map((point) => point.clicks));
    this.#figure(answer);
    this.#reach();
    this.#remarks.replaceChildren(...items(remarks(answer.meta)));
  }

  /** A period that is not over is not held against a whole one: then the buckets that are over are compared. */
  #figure(answer) {
    const { totals, previous, from, to, tz } = answer;
    const { clicks, uniqueVisitors, scans } = totals;
    const before = previous?.totals;
    const isOver = isCounted(answer);
    const figure = (name, value, note, then, metric) => {
      const grown = isOver ? growth(value, then) : metric && previous && growth(...soFar(answer, metric));
      const compared = previous && `previously ${count(then)}${grown ? `, ${grown}` : ''}`;
      return el('div', null, el('dt', null, name), el('dd', null, name === VISITORS ? '≈ ' : '', count(value)),
        el('dd', { class: 'soft' }, [note, compared].filter(Boolean).join('; ')));
    };
    const days = (period) => `${date(Date.parse(period.from), tz)} to ${date(Date.parse(period.to) - 1, tz)}`;
    replace(this.#figures,
      figure('Clicks', clicks.total, days({ from, to }), before?.clicks.total, 'clicks'),
      figure('Humans', clicks.human, percent(clicks.human, clicks.total), before?.clicks.human),
      figure('Bots', clicks.bot, percent(clicks.bot, clicks.total), before?.clicks.bot),
      figure(VISITORS, uniqueVisitors.estimate, `estimate, ± ${percent(uniqueVisitors.relativeError, 1)}`, before?.uniqueVisitors.estimate),
      figure('QR scans', scans, 'included in clicks', before?.scans, 'scans'));
    this.#compared.textContent = previous
      ? `Previous period: ${days(previous)}.${isOver ? '' : ' The current period has not ended. Changes compare its completed part only.'}` : '';
  }

  #reach() {
    const { meta, freshThrough, tz } = this.#answer;
    const fresh = Date.parse(freshThrough);
    const final = meta.finalThrough ? `Final up to ${dateAndClock(Date.parse(meta.finalThrough), tz)}.` : 'Nothing is final yet. Late clicks may be added.';
    const reached = isCounted(this.#answer) ? 'All clicks of the range are counted.' : `Updated ${ago(fresh)}.`;
    this.#fresh.textContent = fresh > 0 ? `${reached} ${final}` : 'Waiting for the first counts …';
  }

  async #breakDown(i, read) {
    const dimensions = PANELS[i];
    const [first] = Object.keys(dimensions);
    const dimension = this.#chosen[i] ?? first;
    const { series, totals } = await read(dimension);
    this.#breakdowns[i] = { dimension, series };
    const rows = series.map((row) => ({ value: row[dimension], text: named(dimension, row[dimension]), clicks: row.clicks }));
    const title = Object.keys(dimensions).length === 1
      ? el('h2', null, dimensions[first])
      : el('h2', null, choice(Object.entries(dimensions), dimension, (value) => { this.#chosen[i] = value; this.#load(); }, { 'aria-label': 'Dimension', 'data-key': 'dimension' }));
    replace(this.#panels[i], title, rows.length === 0
      ? el('p', { class: 'soft' }, 'No clicks in this range.')
      : ranking(dimensions[dimension], rows, totals.clicks.total, {
        only: (value) => change({ [dimension]: value }),
        not: (value) => {
          const held = this.#question.get(dimension);
          change({ [dimension]: held?.startsWith('-') ? `${held},-${value}` : `-${value}` });
        },
      }));
  }

  #balance(books) {
    this.#books = books;
    const { own_traffic: own, tracking_off: off } = books.filtered;
    const rows = [
      ['counted', books.counted], ['duplicate', books.duplicate], ['filtered: own traffic', own], ['filtered: tracking off', off],
      ['late, to be added', books.late], ['rejected as invalid', books.rejected], ['shed under overload', books.shed], ['under way to the stored counts', books.underWay],
    ];
    const sum = rows.reduce((all, [, events]) => all + events, 0);
    const verdict = sum === books.received ? 'The ledger balances.' : 'The ledger does not balance. Please report this.';
    replace(this.#ledger, el('h2', null, 'Event ledger'),
      table('Event ledger', ['', ['Events', 'number']], [
        ...rows.filter(([name, events], i) => i === 0 || events > 0).map(([name, events], i) => [i === 0 ? name : `+ ${name}`, count(events)]),
        [el('strong', null, '= received'), el('strong', null, count(books.received))],
      ]),
      el('p', { class: 'soft' }, `${verdict} It covers all traffic of the range. Filters do not apply.`,
        books.unattributedLoss > 0 && ` ${count(books.unattributedLoss)} lost events cannot be attributed to a link. They may belong to this link.`));
  }

  #enumerate(events, among) {
    this.#events = events;
    const { zone, filters } = this.#question;
    const any = filters.tag ? 'The range and the tag filter do not apply.' : 'The range does not apply.';
    const rows = events.map((event) => [
      dateAndClock(Date.parse(event.at), zone), event.code, named('country', event.country), event.device, event.browser, event.os,
      named('referrer', event.referrer), named('bot', event.bot),
    ]);
    replace(this.#list, el('h2', null, 'Latest clicks'), el('p', { class: 'soft' }, `Filtered from the latest ${count(among)} clicks. ${any}`), rows.length === 0
      ? el('p', { class: 'soft' }, 'No clicks.')
      : el('div', { class: 'scroll', tabindex: 0, 'data-key': 'list' }, table('Latest clicks', ['Time', 'Link', 'Country', 'Device', 'Browser', 'Operating system', 'Referrer', 'Traffic'], rows)));
  }

  #export() {
    const shown = { base: this.#about.base, question: this.#question, answer: this.#answer, bots: this.#bots };
    const rows = sheet({ ...shown, breakdowns: Object.values(this.#breakdowns), books: this.#books, events: this.#events });
    save(`${this.#about.file}-${this.#answer.bucket}.csv`, csv(rows));
  }
}

const byStart = ({ series }) => new Map(series.map(({ bucketStart, clicks }) => [bucketStart, clicks]));

/** Whether the range of an answer is over and everything in it was read. */
const isCounted = (answer) => answer !== null && Date.parse(answer.to) <= Date.parse(answer.freshThrough);

/** The sums of the buckets that are over, now and in the period before. */
function soFar({ series, previous, to, freshThrough }, metric) {
  const ends = [...series.slice(1).map(({ bucketStart }) => bucketStart), to];
  const over = ends.filter((end) => Date.parse(end) <= Date.parse(freshThrough)).length;
  return [series, previous.series].map((points) => points.slice(0, over).reduce((sum, point) => sum + point[metric], 0));
}

function legend() {
  return el('ul', { class: 'legend', 'aria-label': 'Legend' },
    ...[['people', 'Humans'], ['bots', 'Bots'], ['provisional', 'Provisional'], ['open', 'In progress'], ['before', 'Previous period']]
      .map(([kind, text]) => el('li', { class: kind }, text)));
}

/** What a report may be about: its path in the API, how names of exports begin, how many of its newest clicks there are. */
export const ofLink = (code) => ({ base: path`/v1/links/${code}`, file: code, most: 100 });
export const ofOwner = (owner) => ({ base: path`/v1/owners/${owner}`, file: 'clicktide', most: 1000 });
