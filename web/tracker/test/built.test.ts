// @vitest-environment node
// The file that is served: its size, and that it runs in a page by both ways
// of loading. `npm test` builds it first.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { snippet } from '../snippet'

const built = readFileSync(new URL('../dist/t.js', import.meta.url), 'utf8')

/** Opens a page, then runs t.js as the browser would on loading its script element. */
function load(html: string, run = '') {
  const { window } = new JSDOM(`<!doctype html><head>${html}</head><script>${run}</script>`, {
    url: 'https://shop.example/tea',
    runScripts: 'dangerously',
  })
  const requests: { url: string; body: string }[] = []
  window.fetch = ((url: string, init: RequestInit) => {
    requests.push({ url, body: String(init.body) })
    return Promise.reject(new TypeError())
  }) as typeof fetch
  window.eval(built)
  const events = () => Object.keys(window.localStorage)
    .filter((key) => key.startsWith('hs_q_wk1_'))
    .sort()
    .map((key) => JSON.parse(window.localStorage.getItem(key)!) as Record<string, any>)
  return { window, requests, events }
}

describe('dist/t.js', () => {
  it('is 6 KB at most, compressed', () => {
    const size = gzipSync(built, { level: 9 }).length
    expect(size).toBeLessThanOrEqual(6000)
    expect(size).toBeGreaterThan(2000)
  })

  it('names no other host', () => {
    expect(built).not.toMatch(/https?:\/\//)
  })

  it('runs from the snippet, options and early commands included', () => {
    const html = snippet('https://pool.example/t.js', 'wk1', { dnt: true, cookieDomain: 'shop.example' })
    const { window, events } = load(html, 'hs("track", "Early", { n: 1 })')
    const script = window.document.querySelector('script[src]') as HTMLScriptElement
    expect(script.src).toBe('https://pool.example/t.js')
    expect({ ...script.dataset }).toEqual({ writeKey: 'wk1', name: 'hs', dnt: 'true', cookieDomain: 'shop.example' })
    expect(script.async).toBe(true)
    window.hs('track', 'Late')
    expect(events().map((e) => e.event ?? e.type)).toEqual(['page', 'Early', 'Late'])
    expect(events()[0]!.context.library.version).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
    window.close()
  })

  it('runs from a plain script element, once', () => {
    const { window, events } = load('<script type="text/plain" src="https://pool.example/t.js" data-write-key="wk1"></script>')
    window.eval(built)
    window.hs('track', 'X')
    expect(events().map((e) => e.event ?? e.type)).toEqual(['page', 'X'])
    window.close()
  })

  it('does nothing without a write key', () => {
    const { window } = load('')
    expect(window.hs).toBeUndefined()
    expect(window.localStorage).toHaveLength(0)
    window.close()
  })
})

describe('the snippet', () => {
  it.each(['README.md', 'README.zh-CN.md'])('stands in %s as it is', (file) => {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
    expect(text).toContain(snippet('https://HOST/t.js', 'WRITE_KEY'))
  })

  it('lets no value end the script', () => {
    expect(snippet('https://a/"</script>', 'k</script>').match(/<\/script>/g)).toHaveLength(1)
  })
})
