import { describe, expect, it } from 'vitest'
import { useBrowser, wait } from './browser'

const browser = useBrowser()

const views = () => browser().sent.filter((e) => e.type === 'page')
const paths = () => views().map((e) => e.properties.path)

describe('page views by themselves', () => {
  it('one on load', async () => {
    await browser().open('/tea')
    await wait(1000)
    expect(paths()).toEqual(['/tea'])
  })

  it('one for each pushState and each way back, with the page before as referrer', async () => {
    await browser().open('/', { referrer: 'https://search.example/' })
    history.pushState(null, '', '/tea')
    document.title = 'Tea' // set by the application after it moved
    await wait(100)
    history.pushState(null, '', '/cart?step=2')
    await wait(100)
    // jsdom goes back asynchronously; the browser's event is what counts.
    history.replaceState(null, '', '/tea')
    window.dispatchEvent(new PopStateEvent('popstate'))
    await wait(2000)
    expect(views().map((e) => [e.properties.path, e.properties.referrer])).toEqual([
      ['/', 'https://search.example/'],
      ['/tea', 'https://shop.example/'],
      ['/cart', 'https://shop.example/tea'],
    ])
    expect(views()[1]!.properties.title).toBe('Tea')
  })

  it('popstate to another address is a page', async () => {
    await browser().open('/')
    history.pushState(null, '', '/tea')
    await wait(100)
    const back = new Promise((done) => window.addEventListener('popstate', done, { once: true }))
    history.back()
    await wait(10)
    await back
    await wait(2000)
    expect(paths()).toEqual(['/', '/tea', '/'])
  })

  it.each([
    ['replaceState', () => history.replaceState(null, '', '/?sorted=1')],
    ['pushState to the same address', () => history.pushState({ open: true }, '', location.href)],
    ['an anchor', () => history.pushState(null, '', '#reviews')],
  ])('%s is none', async (_, change) => {
    await browser().open('/')
    change()
    await wait(100)
    browser().hs('track', 'X')
    await wait(1000)
    expect(paths()).toEqual(['/'])
  })

  it('a redirect within the application is one page', async () => {
    await browser().open('/')
    history.pushState(null, '', '/account')
    history.pushState(null, '', '/sign-in')
    await wait(1000)
    expect(paths()).toEqual(['/', '/sign-in'])
  })

  it('hash routes are pages of their own', async () => {
    await browser().open('/#/home')
    history.pushState(null, '', '#/tea?utm_source=wechat')
    await wait(1000)
    expect(paths()).toEqual(['/#/home', '/#/tea'])
    expect(views()[1]!.context.campaign).toEqual({ source: 'wechat' })
    expect(views()[1]!.context.lastTouch.campaign).toEqual({ source: 'wechat' })
  })

  it('comes before what is tracked on the new page, and before leaving', async () => {
    await browser().open('/')
    history.pushState(null, '', '/tea')
    browser().hs('track', 'Product Viewed')
    history.pushState(null, '', '/cart')
    browser().leave()
    expect(browser().beacons[0]!.batch.map((e) => e.event ?? e.properties.path)).toEqual([
      '/', '/tea', 'Product Viewed', '/cart',
    ])
  })

  it('again when the page returns from the cache of the browser', async () => {
    await browser().open('/')
    await wait(1000)
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    await wait(1000)
    expect(paths()).toEqual(['/', '/'])
  })

  it('not while the page is only prerendered', async () => {
    let prerendering = true
    Object.defineProperty(document, 'prerendering', { configurable: true, get: () => prerendering })
    await browser().open('/')
    await wait(5000)
    expect(browser().requests).toHaveLength(0)
    prerendering = false
    document.dispatchEvent(new Event('prerenderingchange'))
    await wait(1000)
    expect(paths()).toEqual(['/'])
  })
})

describe('page views by hand', () => {
  it('stand in for the automatic one of the same page', async () => {
    await browser().open('/', { before: browser().early(['page', 'Home', { theme: 'dark' }]) })
    history.pushState(null, '', '/tea')
    browser().hs('page', { theme: 'light' })
    await wait(1000)
    expect(views().map((e) => [e.name, e.properties.path, e.properties.theme])).toEqual([
      ['Home', '/', 'dark'],
      [undefined, '/tea', 'light'],
    ])
  })

  it('are the only ones with data-auto-page="false"', async () => {
    await browser().open('/', { data: { autoPage: 'false' } })
    history.pushState(null, '', '/tea')
    await wait(100)
    browser().hs('track', 'X')
    browser().hs('page')
    await wait(1000)
    expect(browser().sent.map((e) => e.type)).toEqual(['track', 'page'])
    expect(views()[0]!.properties.referrer).toBe('https://shop.example/')
  })
})
