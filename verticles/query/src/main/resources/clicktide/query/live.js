// The live page. The key stays in memory: it is gone when the page is.
'use strict';

const MINUTES = 60;
const MOST_ROWS = 50;
const $ = (id) => document.getElementById(id);

let held = new Map(); // code -> Map(minute -> clicks)
let others = 0;
let fresh = null;
let socket = null;
let watching = null;
let pause = 500;

$('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  $('problem').textContent = '';
  watching = { key: $('key').value.trim(), code: $('code').value.trim(), owner: $('owner').value.trim() };
  pause = 500;
  connect(watching);
});

async function ask(path, key, body) {
  const answer = await fetch(path, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.detail), { status: answer.status });
  return said;
}

async function subject(wanted) {
  if (wanted.code) return { link: wanted.code };
  if (wanted.owner) return { owner: wanted.owner };
  const me = await ask('/v1/me', wanted.key);
  if (!me.ownerId) throw Object.assign(new Error("With the administrator's key, name a link or an owner."), { status: 400 });
  return { owner: me.ownerId };
}

async function connect(wanted) {
  if (socket) { socket.onclose = null; socket.close(); }
  try {
    const what = await subject(wanted);
    const { ticket } = await ask('/v1/live/tickets', wanted.key, {});
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    socket = new WebSocket(`${scheme}://${location.host}/v1/live?ticket=${ticket}`);
    socket.onopen = () => { pause = 500; socket.send(JSON.stringify({ type: 'subscribe', id: 1, ...what })); };
    socket.onmessage = (event) => heard(JSON.parse(event.data));
    socket.onclose = () => again(wanted, 'The connection was lost; connecting again …');
    $('title').textContent = what.link ? `Clicks on ${what.link}` : 'Clicks on all links';
    $('links').hidden = Boolean(what.link);
  } catch (failure) {
    if (failure.status && failure.status < 500) { watching = null; $('problem').textContent = failure.message; return; }
    again(wanted, 'The server does not answer; trying again …');
  }
}

function again(wanted, message) {
  if (watching !== wanted) return;
  $('problem').textContent = message;
  setTimeout(() => watching === wanted && connect(wanted), pause);
  pause = Math.min(pause * 2, 10000);
}

function heard(message) {
  if (message.type === 'error') { watching = null; $('problem').textContent = message.detail; socket.close(); return; }
  if (message.type === 'snapshot') {
    held = new Map(Object.entries(message.links).map(([code, link]) => [code, new Map(Object.entries(link.minutes))]));
    others = message.others;
    $('problem').textContent = '';
    $('live').hidden = false;
  } else {
    for (const [code, minutes] of Object.entries(message.links)) {
      if (!held.has(code)) held.set(code, new Map());
      const link = held.get(code);
      for (const [minute, clicks] of Object.entries(minutes)) link.set(minute, (link.get(minute) || 0) + clicks);
    }
  }
  fresh = new Date(message.freshThrough);
  draw();
}

function window_() {
  const running = Math.floor(Date.now() / 60000);
  return Array.from({ length: MINUTES }, (_, i) => new Date((running - MINUTES + 1 + i) * 60000).toISOString().replace('.000Z', 'Z'));
}

function draw() {
  if (!fresh) return;
  const minutes = window_();
  const inWindow = new Set(minutes);
  const sums = new Map(minutes.map((minute) => [minute, 0]));
  const rows = [];
  for (const [code, link] of held) {
    let hour = 0;
    for (const [minute, clicks] of link) {
      if (!inWindow.has(minute)) { if (minute < minutes[0]) link.delete(minute); continue; }
      hour += clicks;
      sums.set(minute, sums.get(minute) + clicks);
    }
    if (hour > 0) rows.push({ code, hour, now: link.get(minutes[MINUTES - 1]) || 0 });
  }
  rows.sort((a, b) => b.hour - a.hour || a.code.localeCompare(b.code));
  const number = (n) => n.toLocaleString();
  $('hour').textContent = number(rows.reduce((sum, row) => sum + row.hour, others));
  $('minute').textContent = number(sums.get(minutes[MINUTES - 1]));
  $('count').textContent = number(rows.length);
  chart(minutes, sums);
  table(rows);
  const age = Math.max(0, Math.round((Date.now() - fresh) / 1000));
  if (fresh.getTime() === 0) { $('fresh').textContent = 'starting …'; return; }
  $('fresh').textContent = `counted through ${fresh.toLocaleTimeString()} · ${age} s ago`;
  $('fresh').classList.toggle('late', age > 10);
}

function chart(minutes, sums) {
  const most = Math.max(1, ...sums.values());
  const bars = minutes.map((minute, i) => {
    const bar = document.createElement('i');
    bar.style.height = `${(100 * sums.get(minute)) / most}%`;
    bar.title = `${new Date(minute).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}: ${sums.get(minute)}`;
    if (i === MINUTES - 1) bar.className = 'now';
    return bar;
  });
  $('chart').replaceChildren(...bars);
  const time = (minute) => new Date(minute).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  $('from').textContent = time(minutes[0]);
  $('to').textContent = time(minutes[MINUTES - 1]);
}

function table(rows) {
  const most = rows.length ? rows[0].hour : 1;
  $('rows').replaceChildren(...rows.slice(0, MOST_ROWS).map((row) => {
    const line = document.createElement('tr');
    for (const text of [row.code, row.hour.toLocaleString(), row.now.toLocaleString()]) {
      line.insertCell().textContent = text;
    }
    const meter = document.createElement('meter');
    meter.max = most;
    meter.value = row.hour;
    line.insertCell().append(meter);
    return line;
  }));
}

setInterval(draw, 1000);
