// Types of the dashboard, for the type check only. The server never serves this file.
// The shapes of API responses follow openapi.yaml, reduced to the fields that the dashboard reads.

/** A time in RFC 3339. */
export type Time = string;

export interface FieldError {
  field: string;
  code: string;
  detail: string;
}

/** A problem detail (RFC 9457). */
export interface ProblemBody {
  detail?: string;
  errors?: FieldError[];
}

export interface Me {
  ownerId?: string;
}

export interface Campaign {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
}

export interface Link {
  code: string;
  shortUrl: string;
  destination: string;
  redirectStatus: number;
  enabled: boolean;
  state: 'active' | 'scheduled' | 'expired' | 'disabled' | 'exhausted';
  tracking: 'full' | 'counts' | 'off';
  forwardQuery: boolean;
  title?: string;
  tags?: string[];
  campaign?: Campaign;
  clickLimit?: number;
  startsAt?: Time;
  expiresAt?: Time;
  imported?: { clicks: number; source: string };
  createdAt: Time;
}

export interface LinkPage {
  links: Link[];
  nextCursor?: string;
}

/** The fields of the link form. Null removes a value. */
export interface LinkFields {
  destination: string | null;
  code: string | null;
  title: string | null;
  tags: string[] | null;
  redirectStatus: number;
  tracking: string | null;
  forwardQuery: boolean;
  campaign: Campaign;
  clickLimit: number | null;
  startsAt: Time | null;
  expiresAt: Time | null;
}

export interface PublicStats {
  enabled: boolean;
  hasPassword?: boolean;
  page?: string;
}

export type Outcome = 'created' | 'changed' | 'unchanged' | 'failed';

export interface ImportRow {
  row: number;
  outcome: Outcome;
  code?: string;
  errors?: FieldError[];
}

export type ImportResult = Record<Outcome, number> & { rows: ImportRow[] };

export interface AuditPage {
  entries: { at: Time; action: string; subject: string; changes: Record<string, [unknown, unknown]> }[];
}

export interface Meta {
  finalThrough?: Time | null;
  complete: boolean;
  knownLoss: number;
  warnings: string[];
}

export interface Totals {
  clicks: { total: number; human: number; bot: number };
  uniqueVisitors: { estimate: number; relativeError: number };
  scans: number;
}

/** A bucket of a series, or a value of a dimension under the name of the dimension. */
export interface Point {
  bucketStart: Time;
  clicks: number;
  uniqueVisitors: number;
  scans: number;
  isFinalized: boolean;
  [dimension: string]: string | number | boolean;
}

export interface Period {
  from: Time;
  to: Time;
  totals: Totals;
  series: Point[];
}

export type BucketSize = 'minute' | 'quarter' | 'hour' | 'day' | 'week' | 'month';

export interface Analytics extends Period {
  freshThrough: Time;
  bucket: BucketSize;
  tz: string;
  previous?: Period;
  meta: Meta;
}

export interface TopLink {
  code: string;
  clicks: number;
  human: number;
  bot: number;
}

export interface TopLinks {
  links: TopLink[];
  meta: Meta;
}

/** A click. All fields are texts: the time, the code and a value of each dimension. */
export type ClickEvent = Record<string, string>;

export interface Ledger {
  received: number;
  counted: number;
  duplicate: number;
  filtered: { own_traffic: number; tracking_off: number };
  late: number;
  rejected: number;
  shed: number;
  unattributedLoss: number;
  underWay: number;
}

/** Clicks by the start of a minute. */
export type ClicksByMinute = Record<Time, number>;

export interface LiveSnapshot {
  type: 'snapshot';
  id: number;
  seq: number;
  freshThrough: Time;
  links: Record<string, { minutes: ClicksByMinute }>;
  others: number;
}

export interface LiveDelta {
  type: 'delta';
  id: number;
  seq: number;
  freshThrough: Time;
  links: Record<string, ClicksByMinute>;
}

export interface LiveError {
  type: 'error';
  id: number | null;
  code: string;
  detail: string;
}

export type LiveMessage = LiveSnapshot | LiveDelta | LiveError;

/** The subject of a live subscription. */
export type LiveSubject = { owner: string } | { link: string };

/** Called after each message of a subscription. `hasChanged` is false if the message has no new clicks. */
export type LiveListener = (counts: import('./hourcounts.js').HourCounts, hasChanged: boolean) => void;

/** The last hour of a link. */
export interface LinkHour {
  code: string;
  minutes: number[];
  hour: number;
  current: number;
}

/** The last hour of a subject: clicks per minute, oldest first, and its links, largest first. */
export interface HourView {
  links: LinkHour[];
  minutes: number[];
  start: number;
  total: number;
  perSecond: number;
}

export type BucketState = 'final' | 'provisional' | 'open';

/** A column of a chart. `label` stands on the axis, `description` in texts and in the table. */
export interface ChartPoint {
  label: string;
  description: string;
  clicks: number;
  bots: number;
  state: BucketState;
}

/** The location of a page within the dashboard. */
export interface Route {
  page: string;
  name: string;
  query: URLSearchParams;
}

/** The context of a page. The signal is aborted when the user leaves the page. */
export interface PageContext extends Route {
  owner: string;
  watch: (subject: LiveSubject, listener: LiveListener) => void;
  signal: AbortSignal;
}

/** A page. `update` is called when only the query of its address has changed. */
export interface Page {
  title: string;
  element: Element;
  update?: () => void;
}

/** The values of one dimension, as a panel shows them. */
export interface Breakdown {
  dimension: string;
  series: Point[];
}

/** A part of an import. `first` is the number of records before it. */
export interface ImportBatch {
  type: string;
  body: unknown;
  first: number;
}

export type Cell = string | number | boolean | null | undefined;

/** `on…` attributes are listeners, true is an attribute without a value, false and null are left out. */
export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>;

/** The head of a table's column: a text, or a text with a class such as `['Clicks', 'number']`. */
export type Head = string | Element | [text: string, kind: string];

export type Child = Node | string | false | null | undefined | Child[];

/** A parent that can move children; not every browser and not every type library has it. */
export type MovingParent = Element & { moveBefore?: (node: Node, child: Node | null) => void };
