import { createHook } from 'node:async_hooks'

/** What libuv is asked for by whoever speaks to others: sockets, listeners, look-ups of names. */
const NETWORK = /^(TCP|PIPE|UDP|GETADDRINFO|GETNAMEINFO|QUERY)/

/** Notes each socket and each look-up of this process from now on, whatever module makes it. */
export function watchNetwork(): { readonly seen: readonly string[]; stop(): void } {
  const seen: string[] = []
  const hook = createHook({
    init(_id, type) {
      if (NETWORK.test(type)) seen.push(type)
    },
  })
  hook.enable()
  return { seen, stop: () => hook.disable() }
}
