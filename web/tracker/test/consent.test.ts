import { describe, expect, it, vi } from 'vitest'
import { useBrowser, wait } from './browser'

const browser = useBrowser()

const kept = () => Object.keys(localStorage).filter((key) => key.startsWith('hs_'))

describe('opt-out', () => {
  it('stops at once, clears everything but the answer, and stays', async () => {
    await browser().open('/?utm_source=wechat', { data: { cookieDomain: 'shop.example' } })
    browser().hs('identify', 'ann')
    expect(document.cookie).toContain('hs_user=ann')
    browser().hs('consent', false)
    browser().hs('track', 'X')
    browser().hs('identify', 'bob')
    browser().leave()
    await wait(60000)
    expect(kept()).toEqual(['hs_consent'])
    expect(document.cookie).toBe('hs_consent=0')
    await browser().open('/next', { data: { cookieDomain: 'shop.example' } })
    browser().hs('track', 'Y')
    await wait(60000)
    expect(browser().requests).toHaveLength(0)
    expect(browser().beacons).toHaveLength(0)
    expect(kept()).toEqual(['hs_consent'])
  })

  it('ends the tries to send what was in flight', async () => {
    browser().answers = ['no network']
    await browser().open()
    await wait(1000)
    browser().hs('consent', false)
    await wait(600000)
    expect(browser().requests).toHaveLength(1)
  })

  it('given in another tab holds here', async () => {
    await browser().open()
    await wait(1000)
    localStorage.setItem('hs_consent', '0')
    browser().hs('track', 'X')
    await wait(60000)
    expect(browser().sent).toHaveLength(1)
  })

  it('can be taken back: a new visitor, seen on this page', async () => {
    await browser().open()
    await wait(1000)
    browser().hs('consent', false)
    browser().hs('consent', true)
    browser().hs('consent', true)
    await wait(1000)
    const [before, after] = browser().sent
    expect(browser().sent).toHaveLength(2)
    expect(after).toMatchObject({ type: 'page', properties: { path: '/' } })
    expect(after!.anonymousId).not.toBe(before!.anonymousId)
  })
})

describe('data-consent="required"', () => {
  const data = { consent: 'required' }

  it('stores and sends nothing before the answer', async () => {
    await browser().open('/?utm_source=wechat', { data, before: browser().early(['track', 'X'], ['alias', 'u']) })
    browser().hs('identify', 'ann')
    const told: unknown[] = []
    browser().hs('ready', (who: unknown) => told.push(who))
    browser().leave()
    await wait(60000)
    expect(browser().requests).toHaveLength(0)
    expect(browser().beacons).toHaveLength(0)
    expect(kept()).toEqual([])
    expect(document.cookie).toBe('')
    expect(told).toEqual([{ anonymousId: '', userId: '' }])
  })

  it('begins with the page view and the arrival when the answer is yes', async () => {
    await browser().open('/?utm_source=wechat', { data, referrer: 'https://search.example/' })
    await wait(5000)
    browser().hs('consent', true)
    await wait(1000)
    expect(browser().sent).toHaveLength(1)
    expect(browser().sent[0]!.context.firstTouch).toMatchObject({
      campaign: { source: 'wechat' },
      referrer: 'https://search.example/',
    })
  })
})

describe('data-dnt="true"', () => {
  const says = (name: string, value: unknown) =>
    Object.defineProperty(navigator, name, { configurable: true, get: () => value })

  it.each([
    ['doNotTrack', '1'],
    ['globalPrivacyControl', true],
  ])('obeys %s', async (name, value) => {
    says(name, value)
    await browser().open('/', { data: { dnt: 'true' } })
    await wait(5000)
    expect(browser().requests).toHaveLength(0)
    expect(kept()).toEqual([])
    browser().hs('consent', true) // the visitor's own word goes before the setting
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
    says(name, undefined)
  })

  it('is not obeyed without the option', async () => {
    says('doNotTrack', '1')
    await browser().open('/')
    await wait(1000)
    expect(browser().requests).toHaveLength(1)
    says('doNotTrack', undefined)
  })
})

describe('the cookie', () => {
  it('is first-party, lax and secure', async () => {
    const written: string[] = []
    vi.spyOn(document, 'cookie', 'set').mockImplementation((text) => void written.push(text))
    vi.stubGlobal('localStorage', undefined)
    await browser().open()
    vi.spyOn(document, 'cookie', 'set').mockImplementation((text) => void written.push(text))
    browser().hs('identify', '安')
    expect(written).toContain('hs_user=%E5%AE%89;path=/;max-age=31536000;samesite=lax;secure')
  })

  it('is not written where localStorage does', async () => {
    await browser().open()
    browser().hs('identify', 'ann')
    expect(document.cookie).toBe('')
  })
})
