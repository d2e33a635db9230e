// The commands of hs('name', …) and the events they become, in the shape of
// the Segment HTTP tracking API.

import { parseSource, type Source, type Touches } from './campaign'
import type { Config } from './config'
import { safe, uuid, warn } from './guard'
import { Navigation } from './navigation'
import type { Queue } from './queue'
import type { Sender } from './sender'
import type { Visitor } from './visitor'

declare const __VERSION__: string

type Data = Record<string, unknown>
type Id = string | number | null | undefined

/** What hs('ready', f) calls f with; the ids are empty without consent. */
export interface Ready {
  anonymousId: string
  userId: string
}

const text = (id: unknown): string => (typeof id === 'string' || typeof id === 'number' ? String(id) : '')

export class Tracker {
  private navigation: Navigation
  private source: Source
  private commands: Map<unknown, (...args: never[]) => void>

  /** `landing` is the address the page was entered by, which an application may have changed since. */
  constructor(
    private config: Config,
    private visitor: Visitor,
    private touches: Touches,
    private queue: Queue,
    private sender: Sender,
    private landing: string,
  ) {
    this.source = parseSource(landing)
    this.navigation = new Navigation(
      () => this.viewed(),
      () => this.moved(),
    )
    this.commands = new Map(Object.entries({
      track: (name: string, properties?: Data) => this.track(name, properties),
      page: (name?: string | Data, properties?: Data) => this.page(name, properties),
      identify: (userId?: Id | Data, traits?: Data) => this.identify(userId, traits),
      group: (groupId: Id, traits?: Data) => this.group(groupId, traits),
      alias: (userId: Id, previousId?: Id) => this.alias(userId, previousId),
      reset: () => this.reset(),
      consent: (yes: boolean) => this.consent(yes),
      flush: () => this.sender.flush(),
      ready: (f: (ready: Ready) => void) => this.ready(f),
    }))
  }

  /**
   * Records the arrival, runs the commands that were called before we were
   * loaded, and reports the page unless one of them did. A reload, or a way
   * back through the history, is no arrival.
   */
  start(waiting: ArrayLike<unknown>[], run: (args: ArrayLike<unknown>) => void): void {
    const [entry] = performance.getEntriesByType?.('navigation') ?? []
    const type = (entry as PerformanceNavigationTiming | undefined)?.type
    if (type !== 'reload' && type !== 'back_forward') safe(() => this.arrive())()
    waiting.forEach(run)
    this.navigation.check()
    this.sender.wake()
  }

  run(args: ArrayLike<unknown>): void {
    const [name, ...rest] = Array.from(args)
    const command = this.commands.get(name)
    if (command) command(...(rest as never[]))
    else warn('unknown command', name)
  }

  /** The page is hidden or goes away. */
  leave(last: boolean): void {
    this.navigation.check()
    this.sender.hurry(last)
  }

  /** The page came back from the browser's cache: to the visitor it is a page like any other. */
  back(): void {
    this.navigation.again()
    this.navigation.check()
  }

  private track(name: unknown, properties?: Data): void {
    if (!text(name)) return warn('track needs a name')
    this.navigation.check()
    this.send('track', { event: text(name), properties: properties || {} })
  }

  // An explicit call stands in for the automatic page view of the same page.
  private page(name?: string | Data | null, properties?: Data): void {
    if (name && typeof name === 'object') return this.page('', name)
    this.navigation.report()
    this.send('page', {
      name: name || undefined,
      properties: { ...this.navigation.page(), ...properties },
    })
  }

  private identify(userId?: Id | Data, traits?: Data): void {
    if (userId && typeof userId === 'object') return this.identify('', userId)
    const id = text(userId)
    if (id && this.visitor.allowed()) this.visitor.identify(id)
    this.send('identify', { traits: traits || {} })
  }

  private group(groupId: Id, traits?: Data): void {
    if (!text(groupId)) return warn('group needs an id')
    this.send('group', { groupId: text(groupId), traits: traits || {} })
  }

  private alias(userId: Id, previousId?: Id): void {
    const id = text(userId)
    if (!id) return warn('alias needs an id')
    if (!this.visitor.allowed()) return
    const previous = text(previousId) || this.visitor.userId() || this.visitor.anonymousId()
    this.visitor.rename(id)
    this.send('alias', { previousId: previous })
  }

  // The next visitor at this device did not come by the ways of the last one.
  private reset(): void {
    this.visitor.forget()
    this.touches.forget()
    if (this.visitor.allowed()) this.touches.arrive(location.origin + location.pathname, '')
  }

  private consent(yes: boolean): void {
    const before = this.visitor.allowed()
    this.visitor.answer(yes)
    if (!yes) {
      this.queue.remove(this.queue.keys())
      this.visitor.forget()
      this.touches.forget()
    } else if (!before) {
      this.arrive()
      this.navigation.again()
      this.navigation.check()
    }
  }

  private ready(f: (ready: Ready) => void): void {
    const known = this.visitor.allowed()
    f({
      anonymousId: known ? this.visitor.anonymousId() : '',
      userId: known ? this.visitor.userId() : '',
    })
  }

  private viewed(): void {
    if (this.config.autoPage) this.page()
  }

  private moved(): void {
    this.source = parseSource(location.href)
    if (this.source.campaign || this.source.clickIds) {
      this.landing = location.href
      this.arrive('')
    }
  }

  private arrive(referrer = document.referrer): void {
    if (this.visitor.allowed()) this.touches.arrive(this.landing, referrer)
  }

  private send(type: string, fields: Data): void {
    if (!this.visitor.allowed()) return
    this.queue.add({
      type,
      messageId: uuid(),
      timestamp: new Date().toISOString(),
      anonymousId: this.visitor.anonymousId(),
      userId: this.visitor.userId() || undefined,
      ...fields,
      context: this.context(),
    })
    this.sender.wake()
  }

  private context(): Data {
    return {
      library: { name: 'huoshui.js', version: __VERSION__ },
      page: this.navigation.page(),
      userAgent: navigator.userAgent,
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      screen: { width: screen.width, height: screen.height },
      ...this.source,
      ...this.touches.get(),
    }
  }
}
