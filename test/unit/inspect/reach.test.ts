import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '../../../src/base/ports.ts';
import { linksOf } from '../../../src/inspect/checks/links.ts';
import { type LinkFetch, type ReachPorts, reachLinks } from '../../../src/inspect/checks/reach.ts';
import { parseHtml } from '../../../src/inspect/html.ts';
import { htmlSentence } from '../../../src/send/sentences/html.ts';

type Answer = { status: number; location?: string } | { error: string };

/** A web of our own: what each address answers, with what was asked, and when. */
function web(answers: Readonly<Record<string, Answer>>) {
  let now = 0;
  const asked: string[] = [];
  const clock: Clock = { now: () => now, ticks: () => now, offsetMinutes: () => 0 };
  const fetch: LinkFetch = async (url, { method }) => {
    asked.push(`${now} ${method} ${url}`);
    const answer = answers[`${method} ${url}`] ?? answers[url] ?? { status: 404 };
    if ('error' in answer)
      throw Object.assign(new Error('fetch failed'), { cause: Object.assign(new Error(), { code: answer.error }) });
    return answer;
  };
  const controller = new AbortController();
  const ports: ReachPorts = {
    fetch,
    clock,
    cache: new Map(),
    lastAsked: new Map(),
    signal: controller.signal,
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { ports, asked, controller, pass };
}

const htmlOf = (urls: readonly string[]) => urls.map((url) => `<a href="${url}">x</a>`).join('');
const input = (...urls: string[]) => linksOf(parseHtml(htmlOf(urls)));

describe('inspect/checks/reach', () => {
  it('asks each address once, politely, and tells what it hears', async () => {
    const { ports, asked } = web({
      'https://a.example/': { status: 200 },
      'https://a.example/gone': { status: 410 },
      'https://a.example/moved': { status: 301, location: '/' },
      'https://b.example/': { status: 503 },
      'HEAD https://c.example/': { status: 405 },
      'GET https://c.example/': { status: 200 },
      'https://d.example/': { error: 'ENOTFOUND' },
      'https://e.example/': { status: 302, location: 'http://192.168.0.1/admin' },
      'https://f.example/': { status: 302, location: 'https://f.example/' },
      'https://g.example/': { status: 302, location: 'javascript:alert(1)' },
      'https://h.example/': { status: 403 },
    });
    const problems = await reachLinks(
      input(
        'https://a.example/',
        'https://a.example/#part',
        'https://a.example/gone',
        'https://a.example/moved',
        'https://b.example/',
        'https://c.example/',
        'https://d.example/',
        'https://e.example/',
        'https://f.example/',
        'https://g.example/',
        'https://h.example/',
        'https://127.0.0.1/',
        'https://{{host}}/',
        'mailto:a@a.example',
      ),
      ports,
    );
    assert.deepEqual(
      problems.map((problem) => [problem.code, 'url' in problem && problem.url, 'reason' in problem && problem.reason]),
      [
        ['link-status', 'https://a.example/gone', false],
        ['link-moved', 'https://a.example/moved', false],
        ['link-status', 'https://b.example/', false],
        ['link-unreachable', 'https://d.example/', 'ENOTFOUND'],
        ['link-unreachable', 'https://e.example/', 'local'],
        ['link-unreachable', 'https://f.example/', 'redirects'],
        ['link-unreachable', 'https://g.example/', 'redirect'],
      ],
    );
    for (const problem of problems) assert.match(htmlSentence(problem), /\.$/);
    assert.deepEqual(asked.slice(0, 4), [
      '0 HEAD https://a.example/',
      '500 HEAD https://a.example/gone',
      '1000 HEAD https://a.example/moved',
      '1500 HEAD https://a.example/',
    ]);
    assert.equal(asked.filter((each) => each.includes('192.168')).length, 0);
  });

  it('keeps what it heard for a while', async () => {
    const { ports, asked, pass } = web({ 'https://a.example/': { status: 500 } });
    for (const [wait, times] of [
      [0, 2],
      [599_000, 2],
      [2_000, 4],
    ] as const) {
      pass(wait);
      const problems = await reachLinks(input('https://a.example/', 'https://b.example/'), ports);
      assert.equal(problems.length, 2);
      // b.example answers 404 to HEAD, and is asked again by GET.
      assert.equal(asked.filter((each) => each.includes('HEAD')).length, times);
    }
  });

  it('stops where it is told to', async () => {
    const { ports, asked, controller } = web({});
    const fetch: LinkFetch = async (url, request) => {
      controller.abort();
      return ports.fetch(url, request);
    };
    const problems = await reachLinks(input('https://a.example/', 'https://b.example/'), { ...ports, fetch });
    assert.deepEqual(problems, []);
    assert.ok(asked.every((each) => each.includes('a.example')));
    assert.equal(ports.cache.size, 0);
  });

  it('is as polite about a second mail, asked about right after the first', async () => {
    const { ports, asked } = web({ 'https://a.example/1': { status: 200 }, 'https://a.example/2': { status: 200 } });
    await reachLinks(input('https://a.example/1'), ports);
    await reachLinks(input('https://a.example/2'), ports);
    assert.deepEqual(asked, ['0 HEAD https://a.example/1', '500 HEAD https://a.example/2']);
  });

  const many = Array.from({ length: 10 }, (_, index) => `https://a.example/${index}`);

  it('asks for so many and no more, and says where it left off', async () => {
    const { ports, asked } = web(Object.fromEntries(many.map((url) => [url, { status: 200 }])));
    const problems = await reachLinks(input(...many), ports, { limit: 4 });
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['links-unasked', 'information']],
    );
    const { start, end } = problems[0]!.range;
    assert.equal(htmlOf(many).slice(start, end), 'href="https://a.example/4"');
    assert.equal(
      htmlSentence(problems[0]!),
      'From this one on, 6 addresses were not asked for: the mail has too many.',
    );
    assert.equal(asked.length, 4);
  });

  it('begins nothing once its time is up', async () => {
    const { ports, asked } = web(Object.fromEntries(many.map((url) => [url, { status: 200 }])));
    const problems = await reachLinks(input(...many), ports, { interval: 1000, within: 3500 });
    assert.deepEqual(
      asked.map((each) => each.split(' ')[0]),
      ['0', '1000', '2000', '3000'],
    );
    assert.deepEqual(
      problems.map((problem) => htmlSentence(problem)),
      ['From this one on, 6 addresses were not asked for: 4 seconds had passed.'],
    );
  });
});
