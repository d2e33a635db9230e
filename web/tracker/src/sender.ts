// Moves events from the queue to the server, at least once each.
//
// An event leaves the queue only when an answer settled its fate. What a
// beacon carried stays too, because a beacon has no answer: it goes along with
// the next request, and the server drops the repeat by its messageId.

import type { Queue } from './queue'
import { type Gate, LONGEST_WAIT_MS } from './gate'
import { safe, warn } from './guard'

const GATHER_MS = 1000
const FULL_BATCH = 20
const TIMEOUT_MS = 15000
const FIRST_WAIT_MS = 1000
const LONGEST_BACKOFF_MS = 60000

export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined
  private due = 0
  private inFlight: string[] | null = null
  private attempt = 0
  /** What this page gave to beacons. */
  private beaconed = new Set<string>()

  constructor(
    private queue: Queue,
    private gate: Gate,
    private url: string,
    private writeKey: string,
    private allowed: () => boolean,
  ) {}

  /** Call after an event was added, and once for what former pages left. */
  wake(): void {
    const waiting = this.queue.keys().filter((key) => !this.beaconed.has(key)).length
    if (waiting && !this.inFlight) this.flushIn(waiting < FULL_BATCH ? GATHER_MS : 0)
  }

  flush(): void {
    this.flushIn(null)
    if (this.inFlight || !this.allowed() || !this.online()) return
    const keys = this.queue.keys()
    // What beacons carried is no reason for a request, unless the server is in trouble.
    if (!this.attempt && keys.every((key) => this.beaconed.has(key))) return
    const batch = this.queue.fit(keys)
    if (!batch.length) return
    const wait = this.gate.enter()
    if (wait > 0) return this.flushIn(wait, true)
    this.inFlight = batch
    void this.post(batch)
  }

  /** The network is back: waiting times of our own making are over. */
  resume(): void {
    this.attempt = 0
    this.gate.reopen()
    this.flush()
  }

  /** The page may be gone in a moment: hand over what this tab has, if `last` with the lease. */
  hurry(last: boolean): void {
    if (this.allowed() && this.online() && !this.gate.ordered()) {
      const rest = this.queue
        .keys()
        .filter((key) => this.queue.own(key) && !this.beaconed.has(key) && !this.inFlight?.includes(key))
      while (rest.length) {
        const batch = rest.splice(0, this.queue.fit(rest).length || 1)
        if (!navigator.sendBeacon?.(this.url, this.body(batch))) break
        batch.forEach((key) => this.beaconed.add(key))
      }
    }
    if (last) this.gate.leave()
  }

  private async post(batch: string[]): Promise<void> {
    let status = 0
    let retryAfter: string | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      const abort = new AbortController()
      timer = setTimeout(() => abort.abort(), TIMEOUT_MS)
      const answer = await fetch(this.url, {
        method: 'POST',
        // A plain string is sent as text/plain, which needs no preflight.
        body: this.body(batch),
        credentials: 'omit',
        keepalive: true,
        signal: abort.signal,
      })
      status = answer.status
      retryAfter = answer.headers.get('Retry-After')
    } catch {
      // No answer: the same as an answer that says "later".
    }
    clearTimeout(timer)
    safe(() => this.settle(batch, status, retryAfter))()
  }

  private settle(batch: string[], status: number, retryAfter: string | null): void {
    this.inFlight = null
    const refused = status >= 400 && status < 500 && status !== 429
    if (refused || (status >= 200 && status < 300)) {
      if (refused) warn(`the server refused ${batch.length} events with status ${status}`)
      this.queue.remove(batch)
      batch.forEach((key) => this.beaconed.delete(key))
      this.attempt = 0
      this.gate.leave()
      return this.wake()
    }
    const ordered = waitOf(retryAfter)
    const wait = ordered || backoff(this.attempt++)
    this.gate.close(wait, ordered > 0)
    this.flushIn(wait, true)
  }

  private body(batch: string[]): string {
    const sentAt = new Date().toISOString()
    return `{"batch":${this.queue.take(batch)},"sentAt":"${sentAt}","writeKey":${JSON.stringify(this.writeKey)}}`
  }

  /** One timer: an earlier time replaces a later one, unless `exact`; null stops it. */
  private flushIn(ms: number | null, exact = false): void {
    const due = Date.now() + (ms || 0)
    if (ms !== null && !exact && this.timer && this.due <= due) return
    clearTimeout(this.timer)
    this.timer = undefined
    if (ms === null) return
    this.due = due
    this.timer = setTimeout(
      safe(() => this.flush()),
      ms,
    )
  }

  // Offline, an attempt would only start the clock of MOST_ATTEMPT_AGE.
  private online(): boolean {
    return navigator.onLine !== false
  }
}

/** Doubles up to the cap; the upper half is random, so that browsers do not come back together. */
function backoff(attempt: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2)
}

/** Retry-After in milliseconds, from seconds or a date, and up to a second more; 0 if it says nothing. */
function waitOf(retryAfter: string | null): number {
  if (!retryAfter) return 0
  const seconds = Number(retryAfter)
  const ms = isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000
  return ms > 0 ? Math.min(ms + Math.random() * 1000, LONGEST_WAIT_MS) : 0
}
