import { describe, expect, it } from 'vitest'
import { useBrowser, wait } from './browser'

const browser = useBrowser()

describe('the protocol', () => {
  it('posts a batch as text/plain with the write key in the body', async () => {
    await browser().open('/tea?color=green', { referrer: 'https://search.example/q' })
    document.title = 'Tea'
    browser().hs('track', 'Product Viewed', { sku: 'T-1', price: 12.5 })
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
    const { url, init, body } = browser().requests[0]!
    expect(url).toBe('https://pool.example/v1/batch')
    expect(init?.method).toBe('POST')
    expect(init?.headers).toBeUndefined() // a string body is text/plain: no preflight
    expect(init?.keepalive).toBe(true)
    expect(JSON.parse(body)).toMatchObject({ writeKey: 'wk1', sentAt: '2026-03-01T08:00:01.000Z' })
  })

  it('describes the event and its context as Segment does', async () => {
    await browser().open('/tea?color=green#top', { referrer: 'https://search.example/q' })
    document.title = 'Tea'
    browser().hs('track', 'Product Viewed', { sku: 'T-1' })
    await wait(1000)
    const [view, track] = browser().sent
    expect(view).toMatchObject({ type: 'page', properties: { path: '/tea', search: '?color=green' } })
    expect(track).toMatchObject({
      type: 'track',
      event: 'Product Viewed',
      properties: { sku: 'T-1' },
      timestamp: '2026-03-01T08:00:00.000Z',
      context: {
        library: { name: 'huoshui.js', version: '0.0.0-test' },
        page: {
          path: '/tea',
          referrer: 'https://search.example/q',
          search: '?color=green',
          title: 'Tea',
          url: 'https://shop.example/tea?color=green#top',
        },
        userAgent: navigator.userAgent,
        locale: navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        screen: { width: screen.width, height: screen.height },
      },
    })
    expect(track!.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(track!.messageId).not.toBe(view!.messageId)
    expect(track!.anonymousId).toBe(view!.anonymousId)
    expect(track).not.toHaveProperty('userId')
  })

  it('takes another endpoint, and a script in a folder', async () => {
    await browser().open('/', { data: { endpoint: 'https://other.example/in/' } })
    await wait(1000)
    expect(browser().requests[0]!.url).toBe('https://other.example/in/v1/batch')
  })
})

describe('the commands', () => {
  it('identify, group and alias carry their ids and traits', async () => {
    await browser().open()
    browser().hs('identify', 42, { city: '杭州' })
    browser().hs('identify', { age: 30 })
    browser().hs('group', 'club', { level: 'gold' })
    browser().hs('alias', 'u-43')
    browser().hs('track', 'After')
    await wait(1000)
    const [, first, second, group, alias, after] = browser().sent
    expect(first).toMatchObject({ type: 'identify', userId: '42', traits: { city: '杭州' } })
    expect(second).toMatchObject({ type: 'identify', userId: '42', traits: { age: 30 } })
    expect(group).toMatchObject({ type: 'group', groupId: 'club', userId: '42', traits: { level: 'gold' } })
    expect(alias).toMatchObject({ type: 'alias', userId: 'u-43', previousId: '42' })
    expect(after).toMatchObject({ userId: 'u-43', anonymousId: first!.anonymousId })
  })

  it('alias of somebody unknown links the anonymous id', async () => {
    await browser().open()
    browser().hs('alias', 'u-1')
    await wait(1000)
    const [view, alias] = browser().sent
    expect(alias!.previousId).toBe(view!.anonymousId)
  })

  it('another user at the same device gets another anonymous id', async () => {
    await browser().open()
    browser().hs('identify', 'ann')
    browser().hs('identify', 'ann')
    browser().hs('identify', 'bob')
    await wait(1000)
    const [view, ann, again, bob] = browser().sent
    expect(ann!.anonymousId).toBe(view!.anonymousId)
    expect(again!.anonymousId).toBe(view!.anonymousId)
    expect(bob!.anonymousId).not.toBe(view!.anonymousId)
  })

  it('reset forgets the visitor and the ways they came by', async () => {
    await browser().open('/?utm_source=wechat')
    browser().hs('identify', 'ann')
    browser().hs('reset')
    browser().hs('track', 'After')
    await wait(1000)
    const [, ann, after] = browser().sent
    expect(after!.anonymousId).not.toBe(ann!.anonymousId)
    expect(after).not.toHaveProperty('userId')
    expect(after!.context.firstTouch).toEqual({
      time: '2026-03-01T08:00:00.000Z',
      landing: 'https://shop.example/',
      referrer: '',
    })
  })

  it('the visitor is known again on the next page', async () => {
    await browser().open()
    browser().hs('identify', 'ann')
    await wait(1000)
    await browser().open('/next')
    await wait(1000)
    const [view, , next] = browser().sent
    expect(next).toMatchObject({ anonymousId: view!.anonymousId, userId: 'ann' })
  })

  it('runs what was called before the script was there, in order, after the page view', async () => {
    await browser().open('/', { before: browser().early(['identify', 'ann'], ['track', 'A'], ['track', 'B']) })
    await wait(1000)
    expect(browser().sent.map((e) => e.event ?? e.type)).toEqual(['identify', 'page', 'A', 'B'])
  })

  it('ready tells the ids', async () => {
    await browser().open()
    browser().hs('identify', 'ann')
    const told: unknown[] = []
    browser().hs('ready', (who: unknown) => told.push(who))
    await wait(1000)
    expect(told).toEqual([{ anonymousId: browser().sent[0]!.anonymousId, userId: 'ann' }])
  })
})

describe('nothing reaches the host page', () => {
  it.each([
    ['an unknown command', ['nonsense']],
    ['a prototype name', ['constructor']],
    ['no command', []],
    ['track without a name', ['track']],
    ['track with an object as name', ['track', {}]],
    ['group without an id', ['group']],
    ['alias without an id', ['alias']],
    ['ready without a function', ['ready']],
    ['a value JSON cannot hold', ['track', 'X', { n: BigInt(1) }]],
    ['a callback that throws', ['ready', () => { throw new Error('host') }]],
  ])('%s is a warning and no event', async (_, command) => {
    await browser().open()
    await wait(1000)
    expect(() => browser().hs(...command)).not.toThrow()
    await wait(1000)
    expect(browser().sent).toHaveLength(1)
    expect(browser().warnings).toHaveLength(1)
  })

  it('an event over 32 KB is dropped, the others go', async () => {
    await browser().open()
    browser().hs('track', 'Big', { text: '水'.repeat(11000) })
    browser().hs('track', 'Small')
    await wait(1000)
    expect(browser().sent.map((e) => e.event)).toEqual([undefined, 'Small'])
    expect(browser().warnings[0]).toContain('32 KB')
  })

  it('leaves a global of the same name alone', async () => {
    const theirs = () => 'theirs'
    await browser().open('/', { before: () => ((window as any).hs = theirs) })
    await wait(1000)
    expect((window as any).hs()).toBe('theirs')
    expect(browser().requests).toHaveLength(0)
    expect(browser().warnings[0]).toContain('data-name')
  })
})
