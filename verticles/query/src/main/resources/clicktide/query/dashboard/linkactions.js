// What is done to a link: made, changed, switched off and on, shown as QR code, shown to the public, copied.
import { ask, call, path } from './api.js';
import { save } from './csv.js';
import { attempt, choice, dialog, el } from './dom.js';

const FIELDS = [
  { name: 'destination', text: 'Destination', attributes: { type: 'url', required: true, maxlength: 2048, placeholder: 'https://…' } },
  { name: 'code', text: 'Code (generated if empty)', attributes: { maxlength: 300, placeholder: 'spring-tide', autocomplete: 'off' }, isNew: true },
  { name: 'title', text: 'Title', attributes: { maxlength: 300 } },
  { name: 'tags', text: 'Tags, separated by commas', attributes: { placeholder: 'news, spring' } },
];
const MORE = [
  { name: 'redirectStatus', text: 'Redirect status', options: [['302', '302 Found'], ['307', '307 Temporary Redirect, keeps the method'], ['301', '301 Moved Permanently, cached by browsers'], ['308', '308 Permanent Redirect, cached by browsers, keeps the method']] },
  { name: 'tracking', text: 'Tracking', options: [['full', 'Full'], ['counts', 'Counts only'], ['off', 'Off']] },
  { name: 'source', text: 'Campaign source', attributes: { maxlength: 128 }, isCampaign: true },
  { name: 'medium', text: 'Campaign medium', attributes: { maxlength: 128 }, isCampaign: true },
  { name: 'campaign', text: 'Campaign name', attributes: { maxlength: 128 }, isCampaign: true },
  { name: 'clickLimit', text: 'Click limit (human clicks)', attributes: { type: 'number', min: 1 } },
  { name: 'startsAt', text: 'Starts at', attributes: { type: 'datetime-local', step: 1 } },
  { name: 'expiresAt', text: 'Expires at', attributes: { type: 'datetime-local', step: 1 } },
];

const CAMPAIGN = MORE.filter((field) => field.isCampaign).map((field) => field.name);

export function make(owner, done) {
  const once = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  form('New link', {}, (fields) => ask('/v1/links', {
    method: 'POST', body: { ...fields, ownerId: owner }, headers: { 'Idempotency-Key': once },
  }), done);
}

export async function edit(one, done) {
  const response = await call(path`/v1/links/${one.code}`);
  const etag = response.headers.get('ETag');
  form(`Edit ${one.code}`, await response.json(), (fields) => ask(path`/v1/links/${one.code}`, {
    method: 'PATCH', body: fields, headers: { 'If-Match': etag },
  }), done);
}

export async function turn(one, done) {
  await ask(path`/v1/links/${one.code}`, { method: 'PATCH', body: { enabled: !one.enabled } });
  await done();
}

/** Asks for the fields of a link, sends those that were changed, and gives the answer to `done`. */
function form(title, link, send, done) {
  const isNew = !link.code;
  const problem = el('p', { class: 'problem', role: 'alert' });
  const said = (field) => (field.isCampaign ? link.campaign : link)?.[field.name];
  const shown = (field) => {
    const value = said(field);
    if (Array.isArray(value)) return value.join(', ');
    return field.attributes?.type === 'datetime-local' && value ? local(value) : value;
  };
  const label = (field) => el('label', null, field.text, field.options
    ? choice(field.options, String(said(field) ?? field.options[0][0]), () => {}, { name: field.name })
    : el('input', { name: field.name, ...field.attributes, value: shown(field) }));
  const box = dialog(title);
  let before = {};
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    const said = Object.entries(read(event.target.elements)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
    try {
      const answer = await send(Object.fromEntries(said));
      box.close();
      done(answer);
    } catch (failure) {
      problem.textContent = [failure.message, ...(failure.faults ?? []).map(({ field, detail }) => `${field}: ${detail}`)].join(' ');
    }
  };
  const forward = el('label', { class: 'check' }, el('input', { type: 'checkbox', name: 'forwardQuery', checked: link.forwardQuery }), 'Forward query parameters to the destination');
  box.append(el('form', { onsubmit: submit },
    FIELDS.filter((field) => isNew || !field.isNew).map(label),
    el('details', null, el('summary', null, 'More options'), MORE.slice(0, 2).map(label), forward, MORE.slice(2).map(label)),
    problem,
    el('div', { class: 'actions' }, el('button', null, isNew ? 'Create link' : 'Save'), el('button', { type: 'button', class: 'second', onclick: () => box.close() }, 'Cancel'))));
  before = read(box.querySelector('form').elements);
  box.querySelector('input').focus();
}

/** What a form says; an emptied field takes away. Only what was changed is sent. */
function read(elements) {
  const text = (name) => elements[name]?.value.trim() || null;
  const time = (name) => (text(name) ? new Date(text(name)).toISOString() : null);
  return {
    destination: text('destination'),
    code: text('code'),
    title: text('title'),
    tags: text('tags')?.split(',').map((tag) => tag.trim()).filter(Boolean) ?? null,
    redirectStatus: Number(text('redirectStatus')),
    tracking: text('tracking'),
    forwardQuery: elements.forwardQuery.checked,
    campaign: Object.fromEntries(CAMPAIGN.map((name) => [name, text(name)])),
    clickLimit: text('clickLimit') ? Number(text('clickLimit')) : null,
    startsAt: time('startsAt'),
    expiresAt: time('expiresAt'),
  };
}

/** A time as the field for it has it: of this place, without its zone. */
function local(time) {
  const at = new Date(time);
  return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

export async function showQr(one) {
  const picture = async (format, size) => (await call(path`/v1/links/${one.code}/qr`, { query: new URLSearchParams({ format, size }) })).blob();
  const shown = URL.createObjectURL(await picture('svg', 320));
  const download = (format, size) => async () => save(`${one.code}.${format}`, await picture(format, size));
  const box = dialog(`QR code for ${one.code}`,
    el('img', { class: 'qr', src: shown, width: 320, height: 320, alt: `QR code for ${one.shortUrl}` }),
    el('p', { class: 'soft' }, 'Clicks from this QR code are reported as scans.'),
    el('div', { class: 'actions' },
      el('button', { type: 'button', onclick: attempt(download('svg', 320)) }, 'Download SVG'),
      el('button', { type: 'button', class: 'second', onclick: attempt(download('png', 1024)) }, 'Download PNG')));
  box.addEventListener('close', () => URL.revokeObjectURL(shown));
}

/** Whether anybody may see a link's numbers. */
export async function publish(one) {
  const where = path`/v1/links/${one.code}/public-stats`;
  const body = el('div');
  const box = dialog(`Public statistics of ${one.code}`, body);
  const set = async (options) => {
    try {
      await call(where, options);
      await show();
    } catch (failure) {
      body.append(el('p', { class: 'problem', role: 'alert' }, failure.message));
    }
  };
  const show = async () => {
    const now = await ask(where);
    const password = el('input', { type: 'password', minlength: 8, maxlength: 200, autocomplete: 'new-password' });
    const put = (event) => {
      event.preventDefault();
      set({ method: 'PUT', body: password.value ? { password: password.value } : {} });
    };
    body.replaceChildren(el('div', null,
      el('p', null, now.enabled ? [now.hasPassword ? 'Public with a password: ' : 'Public: ', el('a', { href: now.page }, now.page)] : 'The statistics of this link are private.'),
      el('form', { onsubmit: put }, el('label', null, 'Password (empty for access without a password)', password), el('button', null, now.enabled ? 'Save password' : 'Publish')),
      now.enabled && el('button', { type: 'button', class: 'second', onclick: () => set({ method: 'DELETE' }) }, 'Make private')));
  };
  await show().catch((failure) => { box.append(el('p', { class: 'problem' }, failure.message)); });
}

/** Copies a text; where the browser does not let a page do so (no TLS), it is shown to be copied by hand. */
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
