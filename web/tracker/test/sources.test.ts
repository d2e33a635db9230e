import { describe, expect, it } from 'vitest'
import { parseSource } from '../src/campaign'
import { useBrowser, wait } from './browser'

const browser = useBrowser()

/** Visits a page and returns the context of its page view. */
async function visit(path: string, options: Parameters<ReturnType<typeof browser>['open']>[1] = {}) {
  await browser().open(path, options)
  await wait(1000)
  return browser().sent.at(-1)!.context
}

describe('campaign parameters and click ids', () => {
  it.each([
    ['nothing', '/', {}],
    ['empty values', '/?utm_source=&gclid=', {}],
    [
      'all five, and more',
      '/?utm_source=wechat&utm_medium=cpc&utm_campaign=spring&utm_term=tea&utm_content=a&utm_id=7',
      { campaign: { source: 'wechat', medium: 'cpc', name: 'spring', term: 'tea', content: 'a', id: '7' } },
    ],
    ['Chinese', '/?utm_campaign=%E6%98%A5%E8%8C%B6', { campaign: { name: '春茶' } }],
    ['broken escapes', '/?utm_source=%E6%9', { campaign: { source: expect.stringContaining('9') } }],
    ['the first of two', '/?utm_source=a&utm_source=b', { campaign: { source: 'a' } }],
    ['a hash router', '/#/tea?utm_source=wechat&gdt_vid=g1', { campaign: { source: 'wechat' }, clickIds: { gdt_vid: 'g1' } }],
    ['other parameters', '/?source=x&sutm_source=y&xgclid=z', {}],
  ])('%s', (_, url, want) => {
    expect(JSON.parse(JSON.stringify(parseSource(url)))).toEqual(want)
  })

  it.each(['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid', 'gdt_vid', 'qz_gdt', 'bd_vid', 'clickid'])(
    'click id %s',
    (name) => {
      expect(parseSource(`/?a=1&${name}=v-1`).clickIds).toEqual({ [name]: 'v-1' })
    },
  )

  it('cuts what is longer than a person would write', () => {
    expect(parseSource(`/?utm_source=${'x'.repeat(5000)}`).campaign!.source).toHaveLength(500)
  })

  it('are in the context of the page that was entered by them', async () => {
    const context = await visit('/?utm_source=wechat&utm_campaign=spring&bd_vid=b1')
    expect(context.campaign).toEqual({ source: 'wechat', name: 'spring' })
    expect(context.clickIds).toEqual({ bd_vid: 'b1' })
    expect(await visit('/next')).not.toHaveProperty('campaign')
  })

  it('are not lost when the application cleans its address before we are loaded', async () => {
    const early = browser().early()
    const context = await visit('/', {
      before: () => {
        early()
        ;(window as any).hs.u = 'https://shop.example/?utm_source=wechat'
      },
    })
    expect(context.campaign).toEqual({ source: 'wechat' })
    expect(context.firstTouch.campaign).toEqual({ source: 'wechat' })
  })
})

describe('touches', () => {
  it('first stays, last follows, direct visits change neither', async () => {
    await visit('/?utm_source=wechat&gdt_vid=g1')
    await wait(60000)
    await visit('/tea?utm_source=baidu&bd_vid=b1')
    await wait(60000)
    const { firstTouch, lastTouch } = await visit('/about')
    expect(firstTouch).toEqual({
      time: '2026-03-01T08:00:00.000Z',
      campaign: { source: 'wechat' },
      clickIds: { gdt_vid: 'g1' },
      landing: 'https://shop.example/?utm_source=wechat&gdt_vid=g1',
      referrer: '',
    })
    expect(lastTouch).toMatchObject({
      time: '2026-03-01T08:01:01.000Z',
      campaign: { source: 'baidu' },
      landing: 'https://shop.example/tea?utm_source=baidu&bd_vid=b1',
    })
  })

  it('a direct first visit is the first touch; a referrer is the last', async () => {
    expect((await visit('/')).firstTouch).toMatchObject({ referrer: '' })
    const { firstTouch, lastTouch } = await visit('/', { referrer: 'https://search.example/q' })
    expect(firstTouch.referrer).toBe('')
    expect(lastTouch.referrer).toBe('https://search.example/q')
  })

  it.each([
    ['the site itself', 'https://shop.example/cart', {}],
    ['a sub-domain', 'https://m.shop.example/', {}],
    ['a domain that shares the visitor', 'https://www.brand.example/', { cookieDomain: 'brand.example' }],
    ['a payment page', 'https://cashier.pay.example/done', { ignoreReferrers: 'bank.example, pay.example' }],
  ])('%s is no source', async (_, referrer, data) => {
    await visit('/?utm_source=wechat')
    expect((await visit('/paid', { referrer, data: data as Record<string, string> })).lastTouch.campaign).toEqual({ source: 'wechat' })
  })

  it.each(['reload', 'back_forward'])('a %s is no new arrival', async (type) => {
    await visit('/?utm_source=wechat')
    await wait(60000)
    expect((await visit('/?utm_source=wechat', { type })).lastTouch.time).toBe('2026-03-01T08:00:00.000Z')
  })

  it('survives nonsense in storage', async () => {
    localStorage.setItem('hs_first', 'nonsense')
    localStorage.setItem('hs_last', '{')
    localStorage.setItem('hs_gate_wk1', 'nonsense')
    const context = await visit('/')
    expect(context).not.toHaveProperty('firstTouch')
  })
})
