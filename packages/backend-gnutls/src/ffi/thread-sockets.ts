import { constants } from 'node:fs'
import { uninitialized } from '../byte-queues.js'
import type { Callee } from './callbacks.js'
import type { Koffi } from './load-library.js'

/** What a session speaks over. */
export type Over = 'stream' | 'datagrams'

/**
 * What libgnutls reads from in a worker thread: a pair of sockets of the thread, through which each call
 * gets what there is for it. Whoever ends the thread ends its JavaScript at once, in the middle of a
 * call, too, and a callback in JavaScript then gives C a number that nobody has chosen. As a count of
 * bytes that were read, libgnutls would believe it.
 */
export class ThreadSockets {
  /** What libgnutls reads from. */
  readonly descriptor: number
  readonly #other: number
  readonly #calls: SocketCalls
  readonly #room: Uint8Array

  /** Opens the pair. @throws Error if there are no descriptors left. */
  constructor(koffi: Koffi, over: Over) {
    this.#calls = socketCalls(koffi)
    this.#room = uninitialized(most[over])
    const pair = new Int32Array(2)
    if (this.#calls.socketpair(AF_UNIX, types[over], 0, pair) !== 0) {
      throw new Error('There is no pair of sockets for the thread: are there too many open files?')
    }
    const [descriptor = -1, other = -1] = pair
    this.descriptor = descriptor
    this.#other = other
    for (const socket of pair) {
      // One that blocks would make the thread wait for ever.
      if (this.#calls.fcntl(socket, F_SETFL, 'int', constants.O_NONBLOCK) !== 0) {
        throw new Error('The pair of sockets for the thread cannot be made not to block.')
      }
      this.#calls.fcntl(socket, F_SETFD, 'int', FD_CLOEXEC)
    }
    // macOS has less by default.
    const size = Int32Array.of(2 * most[over])
    const { SOL_SOCKET, SO_SNDBUF } = socketOptions()
    this.#calls.setsockopt(other, SOL_SOCKET, SO_SNDBUF, size, size.byteLength)
  }

  /** Runs a call that may read what `callee` has; what it leaves is given back. */
  lend<T>(callee: Callee, call: () => T): T {
    const room = this.#room
    const bytes = callee.pull(room.length)
    if (bytes !== undefined) this.#send(bytes)
    try {
      return call()
    } finally {
      const left = this.#calls.recv(this.descriptor, room, room.length, 0)
      if (left > 0) callee.unpull(room.slice(0, left))
    }
  }

  #send(bytes: Uint8Array): void {
    const sent = this.#calls.send(this.#other, bytes, bytes.length, 0)
    if (sent !== bytes.length) {
      throw new Error(`The sockets of the thread took ${sent} of ${bytes.length} bytes.`)
    }
  }

  /** Closes the pair. */
  close(): void {
    this.#calls.close(this.descriptor)
    this.#calls.close(this.#other)
  }
}

/** Of the C library. */
interface SocketCalls {
  socketpair(domain: number, type: number, protocol: number, pair: Int32Array): number
  fcntl(descriptor: number, command: number, type: 'int', flags: number): number
  setsockopt(
    descriptor: number,
    level: number,
    name: number,
    value: Int32Array,
    size: number,
  ): number
  send(descriptor: number, bytes: Uint8Array, size: number, flags: number): number
  recv(descriptor: number, room: Uint8Array, size: number, flags: number): number
  close(descriptor: number): number
}

function socketCalls(koffi: Koffi): SocketCalls {
  const process = koffi.load(null)
  return {
    socketpair: process.func('socketpair', 'int', ['int', 'int', 'int', 'void *']),
    fcntl: process.func('fcntl', 'int', ['int', 'int', '...']),
    setsockopt: process.func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint']),
    send: process.func('send', 'intptr_t', ['int', 'void *', 'size_t', 'int']),
    recv: process.func('recv', 'intptr_t', ['int', 'void *', 'size_t', 'int']),
    close: process.func('close', 'int', ['int']),
  }
}

function socketOptions(): { readonly SOL_SOCKET: number; readonly SO_SNDBUF: number } {
  const isLinux = process.platform === 'linux' || process.platform === 'android'
  return isLinux ? { SOL_SOCKET: 1, SO_SNDBUF: 7 } : { SOL_SOCKET: 0xffff, SO_SNDBUF: 0x1001 }
}

/** Bytes for a call: a record of TLS, since what is more would only be given back, or any datagram. */
const most = { stream: 17_000, datagrams: 65_536 } as const

/** `SOCK_STREAM` and `SOCK_DGRAM`, on Linux and macOS alike, as are the others. */
const types = { stream: 1, datagrams: 2 } as const
const AF_UNIX = 1
const F_SETFD = 2
const F_SETFL = 4
const FD_CLOEXEC = 1
