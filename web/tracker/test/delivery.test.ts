import { describe, expect, it, vi } from 'vitest'
import { useBrowser, wait } from './browser'

const browser = useBrowser()

const track = (n: number, properties?: object) => {
  for (let i = 0; i < n; i++) browser().hs('track', `E${i}`, properties)
}
const ids = (events: { messageId: string }[]) => events.map((e) => e.messageId)

describe('batching', () => {
  it('gathers for a second', async () => {
    await browser().open()
    track(3)
    await wait(999)
    expect(browser().requests).toHaveLength(0)
    await wait(1)
    expect(browser().requests).toHaveLength(1)
    expect(browser().sent).toHaveLength(4)
    expect(browser().stored).toHaveLength(0)
  })

  it('sends at once when 20 wait, never more than 20, in order', async () => {
    await browser().open()
    track(45)
    await wait(0)
    expect(browser().requests[0]!.batch).toHaveLength(20)
    await wait(1100)
    expect(browser().requests.map((r) => r.batch.length)).toEqual([20, 20, 6])
    expect(browser().sent.map((e) => e.event)).toEqual([undefined, ...Array.from({ length: 45 }, (_, i) => `E${i}`)])
  })

  it('keeps each request under 60 KB of UTF-8', async () => {
    await browser().open()
    track(12, { text: '活'.repeat(4000) })
    await wait(5000)
    expect(browser().sent).toHaveLength(13)
    const sizes = browser().requests.map((r) => Buffer.byteLength(r.body))
    expect(Math.max(...sizes)).toBeLessThan(60000)
    expect(Math.max(...sizes)).toBeGreaterThan(40000)
  })

  it('holds 300 events at most and drops the oldest', async () => {
    browser().online = false
    await browser().open()
    track(305)
    expect(browser().stored).toHaveLength(300)
    browser().online = true
    window.dispatchEvent(new Event('online'))
    await wait(30000)
    expect(browser().sent[0]!.event).toBe('E5')
    expect(browser().sent).toHaveLength(300)
  })
})

describe('the queue outlives the page', () => {
  it('sends after a reload what was not sent before, with the same ids', async () => {
    browser().answers = ['no network']
    await browser().open()
    track(2)
    await wait(1000)
    const before = ids(browser().sent)
    expect(browser().stored).toHaveLength(3)
    browser().requests = []
    browser().answers = [{ status: 200 }]
    await browser().open('/next')
    await wait(5000)
    expect(ids(browser().sent).slice(0, 3)).toEqual(before)
    expect(browser().sent).toHaveLength(4)
    expect(browser().stored).toHaveLength(0)
  })

  it('waits while offline and sends as soon as the network is back', async () => {
    browser().online = false
    await browser().open()
    track(1)
    await wait(60000)
    expect(browser().requests).toHaveLength(0)
    browser().online = true
    window.dispatchEvent(new Event('online'))
    expect(browser().sent).toHaveLength(2)
  })

  it('does not send again what may have arrived more than 6 days ago', async () => {
    browser().answers = ['no network']
    await browser().open()
    await wait(1000) // tried: may have arrived
    browser().online = false
    track(1) // never tried
    browser().close()
    vi.setSystemTime(Date.now() + 7 * 86400000)
    browser().online = true
    browser().answers = [{ status: 200 }]
    browser().requests = []
    await browser().open('/later')
    await wait(2000)
    expect(browser().sent.map((e) => e.event ?? e.properties.path)).toEqual(['E0', '/later'])
  })

  it('sweeps what other write keys left behind a month ago', async () => {
    browser().online = false
    await browser().open('/', { data: { writeKey: 'old' } })
    expect(browser().stored).toHaveLength(1)
    browser().close()
    vi.setSystemTime(Date.now() + 31 * 86400000)
    await browser().open('/')
    expect(browser().stored.filter((key) => key.includes('_old_'))).toHaveLength(0)
  })

  it('works from memory where localStorage is blocked, with a cookie for the visitor', async () => {
    vi.stubGlobal('localStorage', undefined)
    await browser().open('/')
    track(1)
    await wait(1000)
    expect(browser().sent).toHaveLength(2)
    const { anonymousId } = browser().sent[0]!
    expect(document.cookie).toContain(`hs_anon=${anonymousId}`)
    await browser().open('/next')
    await wait(1000)
    expect(browser().sent[2]!.anonymousId).toBe(anonymousId)
  })
})

describe('answers of the server', () => {
  it.each([400, 401, 404, 413])('%i drops the batch and goes on', async (status) => {
    browser().answers = [{ status }, { status: 200 }]
    await browser().open()
    await wait(1000)
    expect(browser().stored).toHaveLength(0)
    expect(browser().warnings[0]).toContain(String(status))
    track(1)
    await wait(1000)
    expect(browser().requests).toHaveLength(2)
    expect(browser().requests[1]!.batch.map((e) => e.event)).toEqual(['E0'])
  })

  it.each([['500', { status: 500 }], ['429', { status: 429 }], ['a dead network', 'no network'], ['silence', 'no answer']] as const)(
    '%s is tried again, later and later, up to a minute',
    async (_, answer) => {
      vi.spyOn(Math, 'random').mockReturnValue(1) // the longest wait
      browser().answers = [answer]
      await browser().open()
      vi.spyOn(Math, 'random').mockReturnValue(1)
      const at: number[] = []
      const fetch = globalThis.fetch
      vi.stubGlobal('fetch', (...args: Parameters<typeof globalThis.fetch>) => {
        at.push(Date.now())
        return fetch(...args)
      })
      await wait(600000)
      const timeout = answer === 'no answer' ? 15000 : 0
      const gaps = at.slice(1).map((time, i) => time - at[i]! - timeout)
      expect(gaps.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000])
      expect(new Set(ids(browser().sent)).size).toBe(1)
      expect(browser().stored).toHaveLength(1)
    },
  )

  it('spreads the tries by chance over half of the waiting time', async () => {
    browser().answers = [{ status: 500 }]
    await browser().open()
    vi.spyOn(Math, 'random').mockReturnValue(0)
    await wait(1499)
    expect(browser().requests).toHaveLength(1)
    await wait(1)
    expect(browser().requests).toHaveLength(2)
  })

  it.each([
    ['seconds', '30'],
    ['a date', 'Sun, 01 Mar 2026 08:00:31 GMT'],
  ])('obeys Retry-After in %s: no request, no beacon, not after a reload either', async (_, header) => {
    browser().answers = [{ status: 429, headers: { 'Retry-After': header } }, { status: 200 }]
    await browser().open()
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
    track(25)
    await wait(10000)
    browser().leave()
    await browser().open('/next')
    await wait(18000)
    window.dispatchEvent(new Event('online'))
    await wait(999)
    expect(browser().requests).toHaveLength(1)
    expect(browser().beacons).toHaveLength(0)
    await wait(3000)
    expect(browser().sent).toHaveLength(1 + 27)
    expect(browser().stored).toHaveLength(0)
  })
})

describe('leaving', () => {
  it('hands the rest to a beacon, once', async () => {
    await browser().open()
    track(2)
    browser().leave()
    expect(browser().beacons).toHaveLength(1)
    expect(browser().beacons[0]!.url).toBe('https://pool.example/v1/batch')
    expect(JSON.parse(browser().beacons[0]!.body)).toMatchObject({ writeKey: 'wk1', sentAt: expect.any(String) })
    expect(browser().beacons[0]!.batch.map((e) => e.event)).toEqual([undefined, 'E0', 'E1'])
  })

  it('splits what is more than one beacon may carry', async () => {
    browser().answers = ['no answer']
    await browser().open()
    await wait(1000)
    track(8, { text: '活'.repeat(5000) })
    browser().leave()
    expect(browser().beacons.flatMap((b) => b.batch)).toHaveLength(8)
    expect(browser().beacons.length).toBeGreaterThan(1)
    for (const { body } of browser().beacons) expect(Buffer.byteLength(body)).toBeLessThan(60000)
  })

  it('confirms the beacon along with the next page, under the same ids', async () => {
    await browser().open()
    track(1)
    browser().leave()
    await wait(5)
    await browser().open('/next')
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
    expect(ids(browser().sent).slice(0, 2)).toEqual(ids(browser().beacons[0]!.batch))
    expect(browser().stored).toHaveLength(0)
  })

  it('makes no request of its own for what a beacon carried', async () => {
    await browser().open()
    await wait(1000)
    track(1)
    browser().hide()
    browser().hide()
    await wait(60000)
    expect(browser().beacons).toHaveLength(1)
    expect(browser().requests).toHaveLength(1)
  })

  it('goes on trying after a fault, beacon or not', async () => {
    browser().answers = [{ status: 500 }, { status: 200 }]
    await browser().open()
    await wait(1000)
    browser().hide()
    expect(browser().beacons).toHaveLength(1)
    await wait(1000)
    expect(browser().requests).toHaveLength(2)
    expect(browser().stored).toHaveLength(0)
  })

  it('keeps what the browser would not take', async () => {
    browser().takesBeacons = false
    await browser().open()
    track(1)
    browser().leave()
    expect(browser().stored).toHaveLength(2)
    await browser().open('/next')
    await wait(1000)
    expect(browser().sent).toHaveLength(3)
  })

  it('leaves to the request what the request is carrying', async () => {
    browser().answers = ['no answer']
    await browser().open()
    await wait(1000)
    track(1)
    browser().leave()
    expect(browser().beacons.flatMap((b) => b.batch).map((e) => e.event)).toEqual(['E0'])
  })
})

describe('two tabs', () => {
  // Another tab is here what it is to the code: entries in localStorage.
  it('one sends while the other waits for its lease', async () => {
    localStorage.setItem('hs_gate_wk1', `other|${Date.now() + 5000}`)
    await browser().open()
    await wait(4900)
    expect(browser().requests).toHaveLength(0)
    await wait(1200)
    expect(browser().requests).toHaveLength(1)
    expect(localStorage.getItem('hs_gate_wk1')).toBeNull()
  })

  it('a beacon carries only the own events, a request those of a closed tab too', async () => {
    browser().online = false
    await browser().open('/closed')
    await wait(5)
    browser().online = true
    await browser().open('/open')
    browser().leave()
    expect(browser().beacons[0]!.batch.map((e) => e.properties.path)).toEqual(['/open'])
    await wait(1000)
    expect(browser().sent.map((e) => e.properties.path)).toEqual(['/closed', '/open'])
  })

  it('a lease of the far future, from a clock set back, holds nobody up', async () => {
    localStorage.setItem('hs_gate_wk1', `ordered|${Date.now() + 86400000}`)
    await browser().open()
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
  })
})
