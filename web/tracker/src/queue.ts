// The events that wait to be sent, one localStorage entry each.
//
// An entry of its own needs no read-modify-write, so tabs cannot overwrite
// each other's events. The key sorts by time and tells the tab; the value is
// the time of the first attempt to send (base 36, empty before), then the
// event as JSON, which is spliced into requests as it is.

import type { Store } from './store'
import { bytes, uuid, warn } from './guard'

const PREFIX = 'hs_q_'
const MOST_EVENTS = 300
/** The server refuses more than 32 KB an event. */
const MOST_EVENT_BYTES = 32000
const MOST_BATCH = 20
/** sendBeacon and keepalive requests share 64 KiB; the envelope takes its part. */
const MOST_BATCH_BYTES = 59000
const DAY_MS = 86400000
/** The server knows repeated events for 7 days: one that may have arrived is not sent later than that. */
const MOST_ATTEMPT_AGE = 6 * DAY_MS
const MOST_AGE = 30 * DAY_MS

export class Queue {
  private prefix: string
  private tab = uuid().slice(0, 8)
  private count = 0

  constructor(
    private store: Store,
    writeKey: string,
  ) {
    this.prefix = `${PREFIX}${writeKey}_`
    this.live(PREFIX) // sweeps what write keys of former days left behind
  }

  add(event: object): void {
    const text = JSON.stringify(event)
    if (bytes(text) > MOST_EVENT_BYTES) return warn('event dropped, larger than 32 KB')
    const keys = this.keys()
    if (keys.length >= MOST_EVENTS) {
      warn('queue full, oldest event dropped')
      this.store.remove(keys[0]!)
    }
    const order = (this.count++ % 46656).toString(36).padStart(3, '0')
    this.store.set(`${this.prefix}${Date.now().toString(36).padStart(9, '0')}${order}_${this.tab}`, text)
  }

  /** All keys, oldest first, whichever tab added them. */
  keys(): string[] {
    return this.live(this.prefix)
  }

  /** Whether this tab added the event. */
  own(key: string): boolean {
    return key.endsWith(this.tab)
  }

  /** As many of the keys, from the front, as fit into one request. */
  fit(keys: string[]): string[] {
    const batch: string[] = []
    let size = 0
    for (const key of keys) {
      size += bytes(this.event(key)) + 1
      if (batch.length === MOST_BATCH || size > MOST_BATCH_BYTES) break
      batch.push(key)
    }
    return batch
  }

  /** The events as a JSON array, marked as possibly delivered from now on. */
  take(batch: string[]): string {
    const now = Date.now().toString(36)
    const events = batch.map((key) => {
      const event = this.event(key)
      if (event && this.store.get(key) === event) this.store.set(key, now + event)
      return event
    })
    return `[${events.filter(Boolean).join(',')}]`
  }

  remove(batch: string[]): void {
    batch.forEach((key) => this.store.remove(key))
  }

  private event(key: string): string {
    const value = this.store.get(key) || ''
    const start = value.indexOf('{')
    return start < 0 ? '' : value.slice(start)
  }

  private live(prefix: string): string[] {
    return this.store.keys(prefix).filter((key) => {
      const gone = this.expired(key)
      if (gone) this.store.remove(key)
      return !gone
    })
  }

  private expired(key: string): boolean {
    const value = this.store.get(key) || ''
    const added = parseInt(key.slice(-21, -12), 36)
    const attempted = parseInt(value.slice(0, value.indexOf('{')), 36)
    const now = Date.now()
    return !(now - added < MOST_AGE) || now - attempted > MOST_ATTEMPT_AGE
  }
}
