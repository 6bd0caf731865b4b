// Shows the numbers of a link to anybody. The server asks for a password where there is one, and the browser remembers it.
const code = decodeURIComponent(location.pathname.slice('/public/'.length));
const at = (id) => document.getElementById(id);
const count = new Intl.NumberFormat();

async function ask(query) {
  const answer = await fetch(`/v1/public/links/${encodeURIComponent(code)}/analytics?interval=30d&${query}`);
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.detail);
  }
  return body;
}

function table(title, name, rows) {
  const section = document.createElement('section');
  section.append(Object.assign(document.createElement('h2'), { textContent: title }));
  const body = document.createElement('table');
  body.createTHead().insertRow().append(...[name, 'Clicks'].map((text) => Object.assign(document.createElement('th'), { textContent: text, scope: 'col' })));
  const lines = body.createTBody();
  for (const [value, clicks] of rows) {
    const line = lines.insertRow();
    line.insertCell().textContent = value;
    line.insertCell().textContent = count.format(clicks);
  }
  section.append(body);
  at('tables').append(section);
}

function chart(series) {
  const most = Math.max(1, ...series.map((day) => day.clicks));
  for (const day of series) {
    const bar = document.createElement('i');
    bar.style.height = `${(100 * day.clicks) / most}%`;
    bar.title = `${day.bucketStart.slice(0, 10)}: ${count.format(day.clicks)}`;
    at('chart').append(bar);
  }
  at('from').textContent = series[0].bucketStart.slice(0, 10);
  at('to').textContent = series.at(-1).bucketStart.slice(0, 10);
}

async function show() {
  at('code').textContent = code;
  const days = await ask('bucket=day&traffic=human');
  const all = await ask('bucket=total');
  at('human').textContent = count.format(all.totals.clicks.human);
  at('bot').textContent = count.format(all.totals.clicks.bot);
  at('fresh').textContent = `counted through ${new Date(days.freshThrough).toLocaleString()}`;
  chart(days.series);
  for (const [dimension, title] of [['country', 'Countries'], ['referrer', 'Referrers'], ['browser', 'Browsers']]) {
    const found = await ask(`bucket=total&traffic=human&limit=10&dimensions=${dimension}`);
    table(title, dimension, found.series.map((row) => [['', 'ZZ'].includes(row[dimension]) ? 'unknown' : row[dimension], row.clicks]));
  }
  table('Days', 'day', days.series.toReversed().map((day) => [day.bucketStart.slice(0, 10), day.clicks]));
  document.querySelector('main').hidden = false;
}

show().catch((failure) => {
  at('fresh').textContent = failure.message;
});
