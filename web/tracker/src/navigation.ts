// The page as events describe it, and the moments when it becomes another.

import { safe } from './guard'

export interface Page {
  path: string
  referrer: string
  search: string
  title: string
  url: string
}

/** Lets an application set its title and finish its redirects first. */
const SETTLE_MS = 50

// A fragment that begins like a path is a hash router's path.
const hashRoute = () => (/^#!?\//.test(location.hash) ? location.hash.split('?')[0]! : '')

const route = () => location.pathname + hashRoute() + location.search

export class Navigation {
  private route = route()
  private url = location.href
  private referrer = document.referrer
  private reported = false
  private changed = false
  private timer: ReturnType<typeof setTimeout> | undefined

  /**
   * `viewed` is called for each page that nobody has reported by then, `moved`
   * before it when an application went to another page.
   */
  constructor(
    private viewed: () => void,
    private moved: () => void,
  ) {
    this.wrap('pushState', () => this.soon())
    this.wrap('replaceState', () => this.renamed())
    addEventListener(
      'popstate',
      safe(() => this.soon()),
    )
  }

  /** Reports the present page, unless it is reported. */
  check(): void {
    this.follow()
    if (!this.reported) this.viewed()
  }

  /** Takes the present page as reported. */
  report(): void {
    this.follow()
    this.reported = true
  }

  /** The page came back from the browser's cache, or may be known only now. */
  again(): void {
    this.reported = false
  }

  page(): Page {
    this.follow()
    return {
      path: location.pathname + hashRoute(),
      referrer: this.referrer,
      search: location.search,
      title: document.title,
      url: location.href,
    }
  }

  private wrap(method: 'pushState' | 'replaceState', then: () => void): void {
    const original = history[method].bind(history)
    const after = safe(then)
    history[method] = (...args) => {
      original(...args)
      after()
    }
  }

  private soon(): void {
    this.changed = true
    clearTimeout(this.timer)
    this.timer = setTimeout(
      safe(() => this.check()),
      SETTLE_MS,
    )
  }

  // Within an application the page before is the referrer; the browser's own
  // stays that of the load.
  private follow(): void {
    if (!this.changed) return
    this.changed = false
    const now = route()
    if (now === this.route) return
    this.referrer = this.url
    this.route = now
    this.url = location.href
    this.reported = false
    this.moved()
  }

  // replaceState corrects the address of a page, it does not open another.
  private renamed(): void {
    if (this.changed) return
    this.route = route()
    this.url = location.href
  }
}
