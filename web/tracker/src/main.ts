// The front door of t.js: finds its script element, wires the parts, takes
// over the command queue.

import { Touches } from './campaign'
import { readConfig } from './config'
import { Gate } from './gate'
import { safe, warn } from './guard'
import { Queue } from './queue'
import { Sender } from './sender'
import { Store } from './store'
import { Tracker } from './tracker'
import { Visitor } from './visitor'

type Command = ArrayLike<unknown>

/** The global function, as the snippet makes it. */
interface Stub {
  (...args: unknown[]): void
  /** Commands not yet run; once we are loaded, its push runs them. */
  q?: { push(args: Command): void } | Command[]
  /** Address of the page when the snippet ran. */
  u?: string
  /** Set once we are loaded. */
  on?: boolean
}

function install(): void {
  const script = document.currentScript ?? document.querySelector('script[data-write-key]')
  const config = readConfig(script as HTMLScriptElement | null)
  if (!config) return
  const names = window as unknown as Record<string, Stub | undefined>
  const stub: Stub = names[config.name] ?? ((...args: unknown[]) => stub.q!.push(args))
  if (stub.on) return
  if (names[config.name] && !stub.q) return warn(`window.${config.name} is taken, choose another data-name`)
  names[config.name] = stub
  stub.on = true
  stub.q ??= []

  // A prerendered page counts when somebody looks at it.
  const begin = safe(() => start(config, stub))
  if ((document as Document & { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', begin, { once: true })
  } else begin()
}

function start(config: NonNullable<ReturnType<typeof readConfig>>, stub: Stub): void {
  const store = new Store()
  const visitor = new Visitor(store, config)
  const queue = new Queue(store, config.writeKey)
  const sender = new Sender(queue, new Gate(store, config.writeKey), `${config.endpoint}/v1/batch`, config.writeKey, () =>
    visitor.allowed(),
  )
  const tracker = new Tracker(config, visitor, new Touches(store, config), queue, sender, stub.u || location.href)
  const run = safe((args: Command) => tracker.run(args))
  const waiting = stub.q as Command[]
  stub.q = { push: run }

  const hidden = safe((last: boolean) => tracker.leave(last))
  addEventListener('pagehide', () => hidden(true))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && hidden(false))
  addEventListener(
    'pageshow',
    safe((event: PageTransitionEvent) => event.persisted && tracker.back()),
  )
  addEventListener(
    'online',
    safe(() => sender.resume()),
  )
  tracker.start(waiting, run)
}

safe(install)()
