// The actions on a link: create, edit, disable, enable, show its QR code, publish its statistics, copy its address.
/** @import { Attributes, Campaign, Link, LinkFields, PublicStats } from './types.js' */
import { Problem, ask, call, messageOf, path } from './api.js';
import { save } from './csv.js';
import { dialog, el, select, withErrorDialog } from './dom.js';

/**
 * @typedef {object} Field
 * @property {keyof LinkFields | keyof Campaign} name
 * @property {string} text
 * @property {Attributes} [attributes]
 * @property {[string, string][]} [options]
 * @property {boolean} [isNew] true if only a new link has the field
 */

/** @type {Field[]} */
const FIELDS = [
  { name: 'destination', text: 'Destination', attributes: { type: 'url', required: true, maxlength: 2048, placeholder: 'https://…' } },
  {
    name: 'code', text: 'Code (generated if empty)', isNew: true,
    attributes: { maxlength: 300, placeholder: 'spring-tide', autocomplete: 'off' },
  },
  { name: 'title', text: 'Title', attributes: { maxlength: 300 } },
  { name: 'tags', text: 'Tags, separated by commas', attributes: { placeholder: 'news, spring' } },
];
/** @type {Field} */
const STATUS = {
  name: 'redirectStatus', text: 'Redirect status', options: [
    ['302', '302 Found'], ['307', '307 Temporary Redirect, keeps the method'], ['301', '301 Moved Permanently, cached by browsers'],
    ['308', '308 Permanent Redirect, cached by browsers, keeps the method'],
  ],
};
/** @type {Field} */
const TRACKING = { name: 'tracking', text: 'Tracking', options: [['full', 'Full'], ['counts', 'Counts only'], ['off', 'Off']] };
/** @type {Field[]} */
const CAMPAIGN = [
  { name: 'source', text: 'Campaign source', attributes: { maxlength: 128 } },
  { name: 'medium', text: 'Campaign medium', attributes: { maxlength: 128 } },
  { name: 'campaign', text: 'Campaign name', attributes: { maxlength: 128 } },
];
/** @type {Field[]} */
const LIMITS = [
  { name: 'clickLimit', text: 'Click limit (human clicks)', attributes: { type: 'number', min: 1 } },
  { name: 'startsAt', text: 'Starts at', attributes: { type: 'datetime-local', step: 1 } },
  { name: 'expiresAt', text: 'Expires at', attributes: { type: 'datetime-local', step: 1 } },
];

/**
 * Opens the form for a new link.
 * @param {string} owner
 * @param {(link: Link) => void} onSaved
 */
export function createLink(owner, onSaved) {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  const idempotencyKey = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  openForm('New link', {}, (fields) => ask('/v1/links', {
    method: 'POST', body: { ...fields, ownerId: owner }, headers: { 'Idempotency-Key': idempotencyKey },
  }), onSaved);
}

/**
 * Opens the form for an existing link. Saving fails if the link was changed in the meantime.
 * @param {string} code
 * @param {() => void} onSaved
 */
export async function editLink(code, onSaved) {
  const url = path`/v1/links/${code}`;
  const response = await call(url);
  const headers = { 'If-Match': response.headers.get('ETag') ?? '' };
  openForm(`Edit ${code}`, await response.json(), (fields) => ask(url, { method: 'PATCH', body: fields, headers }), onSaved);
}

/**
 * Disables an enabled link, enables a disabled one.
 * @param {Link} link
 * @param {() => Promise<void>} onSaved
 */
export async function toggleLink({ code, enabled }, onSaved) {
  await ask(path`/v1/links/${code}`, { method: 'PATCH', body: { enabled: !enabled } });
  await onSaved();
}

/**
 * Opens the form for the fields of a link. Only changed fields are sent.
 * @param {string} title
 * @param {Partial<Link>} link empty for a new link
 * @param {(fields: Partial<LinkFields>) => Promise<Link>} send
 * @param {(link: Link) => void} onSaved
 */
function openForm(title, link, send, onSaved) {
  const isNew = !link.code;
  const error = el('p', { class: 'error', role: 'alert' });
  const label = (/** @type {Field} */ field) => el('label', null, field.text, input(field, fieldValue(field, link)));
  const box = dialog(title);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    error.textContent = '';
    const changed = Object.entries(read(form)).filter(([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(before[/** @type {keyof LinkFields} */ (name)]));
    try {
      const saved = await send(Object.fromEntries(changed));
      box.close();
      onSaved(saved);
    } catch (failure) {
      const errors = failure instanceof Problem ? failure.errors : [];
      error.textContent = [messageOf(failure), ...errors.map(({ field, detail }) => `${field}: ${detail}`)].join(' ');
    }
  };
  const forwardQuery = el('label', { class: 'check' },
    el('input', { type: 'checkbox', name: 'forwardQuery', checked: link.forwardQuery }), 'Forward query parameters to the destination');
  const form = el('form', { onsubmit: submit },
    FIELDS.filter((field) => isNew || !field.isNew).map(label),
    el('details', null, el('summary', null, 'More options'),
      label(STATUS), label(TRACKING), forwardQuery, CAMPAIGN.map(label), LIMITS.map(label)),
    error,
    el('div', { class: 'actions' },
      el('button', null, isNew ? 'Create link' : 'Save'),
      el('button', { type: 'button', class: 'secondary', onclick: () => box.close() }, 'Cancel')));
  box.append(form);
  const before = read(form);
  box.querySelector('input')?.focus();
}

/**
 * @param {Field} field
 * @param {string | undefined} value
 */
function input({ name, options, attributes }, value) {
  return options ? select(options, value ?? options[0][0], () => {}, { name }) : el('input', { name, ...attributes, value });
}

/**
 * Returns the text of a field, or undefined if the link does not have it.
 * @param {Field} field
 * @param {Partial<Link>} link
 */
function fieldValue(field, link) {
  /** @type {Record<string, unknown>} */
  const values = { ...link, ...(CAMPAIGN.includes(field) && { campaign: undefined, ...link.campaign }) };
  const value = values[field.name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(', ');
  return field.attributes?.type === 'datetime-local' ? localTime(String(value)) : String(value);
}

/**
 * Reads the fields of a form. An empty field is null, which removes the value of a link.
 * @param {HTMLFormElement} form
 * @returns {LinkFields}
 */
function read(form) {
  const fields = new FormData(form);
  const text = (/** @type {string} */ name) => String(fields.get(name) ?? '').trim() || null;
  const number = (/** @type {string} */ name) => (text(name) ? Number(text(name)) : null);
  const time = (/** @type {string} */ name) => {
    const value = text(name);
    return value ? new Date(value).toISOString() : null;
  };
  return {
    destination: text('destination'),
    code: text('code'),
    title: text('title'),
    tags: text('tags')?.split(',').map((tag) => tag.trim()).filter(Boolean) ?? null,
    redirectStatus: Number(text('redirectStatus')),
    tracking: text('tracking'),
    forwardQuery: fields.has('forwardQuery'),
    campaign: Object.fromEntries(CAMPAIGN.map(({ name }) => [name, text(name)])),
    clickLimit: number('clickLimit'),
    startsAt: time('startsAt'),
    expiresAt: time('expiresAt'),
  };
}

/**
 * Formats a time for a `datetime-local` field: in the zone of the browser, without a zone.
 * @param {string} time
 */
function localTime(time) {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/**
 * Opens a dialog with the QR code of a link.
 * @param {Link} link
 */
export async function showQr({ code, shortUrl }) {
  const image = async (/** @type {string} */ format, /** @type {number} */ size) =>
    (await call(path`/v1/links/${code}/qr`, { query: new URLSearchParams({ format, size: String(size) }) })).blob();
  const url = URL.createObjectURL(await image('svg', 320));
  const download = (/** @type {string} */ format, /** @type {number} */ size) =>
    withErrorDialog(async () => save(`${code}.${format}`, await image(format, size)));
  const box = dialog(`QR code for ${code}`,
    el('img', { class: 'qr', src: url, width: 320, height: 320, alt: `QR code for ${shortUrl}` }),
    el('p', { class: 'muted' }, 'Clicks from this QR code are reported as scans.'),
    el('div', { class: 'actions' },
      el('button', { type: 'button', onclick: download('svg', 320) }, 'Download SVG'),
      el('button', { type: 'button', class: 'secondary', onclick: download('png', 1024) }, 'Download PNG')));
  box.addEventListener('close', () => URL.revokeObjectURL(url));
}

/**
 * Opens a dialog to publish the statistics of a link or make them private.
 * @param {string} code
 */
export async function editPublicStats(code) {
  const url = path`/v1/links/${code}/public-stats`;
  const body = el('div');
  const box = dialog(`Public statistics of ${code}`, body);
  const change = async (/** @type {import('./api.js').CallOptions} */ options) => {
    try {
      await call(url, options);
      await show();
    } catch (failure) {
      body.append(el('p', { class: 'error', role: 'alert' }, messageOf(failure)));
    }
  };
  const show = async () => {
    /** @type {PublicStats} */
    const { enabled, hasPassword, page } = await ask(url);
    const password = el('input', { type: 'password', minlength: 8, maxlength: 200, autocomplete: 'new-password' });
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      change({ method: 'PUT', body: password.value ? { password: password.value } : {} });
    };
    const remove = () => change({ method: 'DELETE' });
    body.replaceChildren(el('div', null,
      el('p', null, enabled
        ? [hasPassword ? 'Public with a password: ' : 'Public: ', el('a', { href: page }, page)]
        : 'The statistics of this link are private.'),
      el('form', { onsubmit: submit },
        el('label', null, 'Password (empty for access without a password)', password),
        el('button', null, enabled ? 'Save password' : 'Publish')),
      enabled && el('button', { type: 'button', class: 'secondary', onclick: remove }, 'Make private')));
  };
  await show().catch((failure) => box.append(el('p', { class: 'error' }, messageOf(failure))));
}

/**
 * Copies a text. If the browser does not allow that (without TLS), the text is shown to be copied by hand.
 * @param {string} text
 * @param {HTMLButtonElement} button
 */
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  } catch {
    const field = el('input', { readonly: true, value: text, 'aria-label': 'Short URL' });
    dialog('Copy the short URL', field);
    field.select();
  }
}
