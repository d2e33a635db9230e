// When this browser may send: one entry in storage that all tabs obey and
// that survives a reload.
//
// It holds "<holder>|<until>": the tab that is sending, or why nobody may.

import type { Store } from './store'
import { uuid } from './guard'

const LEASE_MS = 20000
/** Longer waits come from a clock that was set back, or from a server in error. */
export const LONGEST_WAIT_MS = 3600000

/** We chose to wait after a fault. */
const BACKOFF = 'backoff'
/** The server told us to wait. */
const ORDERED = 'ordered'

export class Gate {
  private key: string
  private tab = uuid()

  constructor(
    private store: Store,
    writeKey: string,
  ) {
    this.key = `hs_gate_${writeKey}`
  }

  /**
   * Takes the lease and returns 0, or returns the milliseconds to wait. Two
   * tabs may still pass at the same instant: the server drops the repeats.
   */
  enter(): number {
    const { holder, wait } = this.read()
    // Another tab will most likely be done long before its lease runs out.
    if (wait > 0 && holder !== this.tab) return this.closed(holder) ? wait : Math.min(wait, 1000)
    this.write(this.tab, LEASE_MS)
    return 0
  }

  leave(): void {
    if (this.read().holder === this.tab) this.store.remove(this.key)
  }

  close(wait: number, ordered: boolean): void {
    this.write(ordered ? ORDERED : BACKOFF, wait)
  }

  /** Ends a waiting time that we chose ourselves. */
  reopen(): void {
    if (this.read().holder === BACKOFF) this.store.remove(this.key)
  }

  /** Whether the server asked for silence. */
  ordered(): boolean {
    const { holder, wait } = this.read()
    return holder === ORDERED && wait > 0
  }

  private closed(holder: string): boolean {
    return holder === ORDERED || holder === BACKOFF
  }

  private write(holder: string, wait: number): void {
    this.store.set(this.key, `${holder}|${Date.now() + wait}`)
  }

  private read(): { holder: string; wait: number } {
    const [holder = '', until] = (this.store.get(this.key) || '').split('|')
    const wait = Number(until) - Date.now()
    return { holder, wait: wait <= LONGEST_WAIT_MS ? wait : 0 }
  }
}
