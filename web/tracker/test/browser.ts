// A page with our script on it, as far as a test needs one: open, reload, go
// offline, leave. What would reach the network is recorded and answered here.
import { afterEach, beforeEach, vi } from 'vitest'

export interface Sent {
  type: string
  messageId: string
  timestamp: string
  anonymousId: string
  userId?: string
  event?: string
  name?: string
  groupId?: string
  previousId?: string
  properties: Record<string, unknown>
  traits: Record<string, unknown>
  context: Record<string, any>
}

export interface Request {
  url: string
  body: string
  init?: RequestInit
  batch: Sent[]
}

type Answer = { status: number; headers?: Record<string, string> } | 'no network' | 'no answer'

export class Browser {
  requests: Request[] = []
  beacons: Request[] = []
  warnings: string[] = []
  /** Answers in turn; the last one stays. */
  answers: Answer[] = [{ status: 200 }]
  takesBeacons = true
  online = true
  private listeners: [EventTarget, string, EventListenerOrEventListenerObject][] = []
  private pushState = history.pushState
  private replaceState = history.replaceState

  hs(...args: unknown[]): void {
    ;(window as any).hs(...args)
  }

  /** Everything that arrived by request, in order. */
  get sent(): Sent[] {
    return this.requests.flatMap((request) => request.batch)
  }

  /** What waits in localStorage. */
  get stored(): string[] {
    return Object.keys(localStorage).filter((key) => key.startsWith('hs_q_'))
  }

  /** Loads a page: first what the page itself does, then our script. */
  async open(
    path = '/',
    options: { referrer?: string; data?: Record<string, string>; before?: () => void; type?: string } = {},
  ): Promise<void> {
    this.close()
    this.replaceState.call(history, null, '', path)
    const define = (target: object, name: string, get: () => unknown) =>
      Object.defineProperty(target, name, { configurable: true, get })
    define(document, 'referrer', () => options.referrer ?? '')
    define(document, 'visibilityState', () => 'visible')
    define(navigator, 'onLine', () => this.online)
    define(navigator, 'sendBeacon', () => (url: string, body: string) => {
      if (this.takesBeacons) this.beacons.push(read(url, body))
      return this.takesBeacons
    })
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.answer(url, init))
    vi.spyOn(console, 'warn').mockImplementation((...what) => void this.warnings.push(what.join(' ')))
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
      { type: options.type ?? 'navigate' } as PerformanceNavigationTiming,
    ])
    for (const target of [window, document]) {
      const add = target.addEventListener.bind(target) as (...args: unknown[]) => void
      vi.spyOn(target, 'addEventListener').mockImplementation((type: string, listener: any, ...rest: unknown[]) => {
        this.listeners.push([target, type, listener])
        add(type, listener, ...rest)
      })
    }
    const script = document.createElement('script')
    script.type = 'text/plain' // jsdom need not look at it
    script.src = 'https://pool.example/t.js'
    Object.assign(script.dataset, { writeKey: 'wk1', ...options.data })
    document.head.replaceChildren(script)
    options.before?.()
    vi.resetModules()
    await import('../src/main')
  }

  /** Ends the page's listeners and wrappers; storage stays, as in a browser. */
  close(): void {
    for (const [target, type, listener] of this.listeners) target.removeEventListener(type, listener)
    this.listeners = []
    history.pushState = this.pushState
    history.replaceState = this.replaceState
    delete (window as any).hs
    vi.restoreAllMocks()
    const now = Date.now()
    vi.useRealTimers() // the page's timers go with it, the time of day stays
    vi.useFakeTimers({ now })
  }

  /** Calls commands before our script is there, as the snippet's function does. */
  early(...commands: unknown[][]): () => void {
    return () => {
      const f: any = (...args: unknown[]) => f.q.push(args)
      f.q = []
      ;(window as any).hs = f
      commands.forEach((command) => f(...command))
    }
  }

  hide(): void {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })
    document.dispatchEvent(new Event('visibilitychange'))
  }

  leave(): void {
    window.dispatchEvent(new Event('pagehide'))
    this.hide()
  }

  private answer(url: string, init: RequestInit): Promise<Response> {
    this.requests.push(read(url, String(init.body), init))
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!
    if (answer === 'no network') return Promise.reject(new TypeError('Failed to fetch'))
    if (answer === 'no answer') {
      return new Promise((_, reject) =>
        init.signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
      )
    }
    return Promise.resolve(new Response('{}', answer))
  }
}

function read(url: string, body: string, init?: RequestInit): Request {
  return { url, body, init, batch: (JSON.parse(body) as { batch: Sent[] }).batch }
}

/** A fresh browser for each test, on a clock that only the test moves. */
export function useBrowser(): () => Browser {
  let browser: Browser
  beforeEach(() => {
    localStorage.clear()
    for (const pair of document.cookie.split('; ')) document.cookie = `${pair.split('=')[0]}=;path=/;max-age=0`
    vi.useFakeTimers({ now: new Date('2026-03-01T08:00:00Z') })
    browser = new Browser()
  })
  afterEach(() => {
    browser.close()
    vi.useRealTimers()
  })
  return () => browser
}

export const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
