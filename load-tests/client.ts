// Uses the API through a client that was generated from its OpenAPI document; README.md in this folder has the commands.
//   node out/smoke.js API LINKS OWNER_KEY ADMINISTRATOR_KEY
import { AnalyticsApi, Configuration, LinksApi, OwnersApi } from './client';

const [api, links, key, administrator] = process.argv.slice(2);
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const as = (accessToken?: string) => new Configuration({ basePath: api, accessToken });

function expect(what: string, is: unknown, wanted: unknown) {
  if (is !== wanted) {
    throw new Error(`${what}: ${is} instead of ${wanted}`);
  }
}

async function use() {
  const mine = new LinksApi(as(key));
  const owners = new OwnersApi(as(key));
  const once = { newLink: { destination: 'https://example.com/client', title: 'A client' }, idempotencyKey: `client-${Date.now()}` };
  const made = await mine.createLink(once);
  expect('made once', (await mine.createLink(once)).code, made.code);
  const followed = await fetch(`${links}/${made.code}`, { redirect: 'manual', headers: { 'User-Agent': firefox } });
  expect('followed', followed.status, 302);
  expect('changed', (await mine.changeLink({ code: made.code, linkChange: { title: 'Changed' } })).title, 'Changed');

  const ownerId = (await owners.readMe()).ownerId!;
  const domain = `d${Date.now()}.example`;
  await new LinksApi(as(administrator)).putDomain({ domain, putDomainRequest: { ownerId } });
  const there = await mine.createLink({ newLink: { destination: 'https://example.com/', code: 'x', domain } });
  expect('on a domain', there.code, `x@${domain}`);

  await mine.showPublicStats({ code: made.code, showPublicStatsRequest: {} });
  const anybody = new AnalyticsApi(as());
  for (let tries = 50; (await anybody.readPublicAnalytics({ code: made.code })).totals.clicks.human !== 1; tries--) {
    expect('still waiting', tries > 0, true);
    await new Promise((done) => setTimeout(done, 200));
  }
  const given = await owners.createKey({ ownerId, createKeyRequest: { name: 'one' } });
  await owners.revokeKey({ ownerId, keyId: given.keyId });
  const missing = await mine.readLink({ code: 'no-such' }).catch((failure) => failure.response?.status);
  expect('no such link', missing, 404);
  console.log('the generated client works');
}

use().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
