import { createRequire } from 'node:module'
import { TlsError } from '@tlsio/core'
import {
  type Address,
  type CallbackName,
  callbackPrototypes,
  type GnutlsFunctions,
  OLDEST_VERSION,
  type Prototype,
  parsePrototype,
  prototypes,
  type TokenFunctions,
  tokenPrototypes,
} from './symbols.js'

/** The package that calls C. */
export type Koffi = typeof import('koffi')
type Loaded = ReturnType<Koffi['load']>
type Type = ReturnType<Koffi['proto']>

/** libgnutls, found and bound. */
export interface GnutlsLibrary {
  /** Where it was found: a name that the system's loader knows, or a path. */
  readonly path: string
  /** An address in it: the same by whatever name it was found. */
  readonly address: bigint
  /** Its version, for example `3.7.9`. */
  readonly version: string
  readonly functions: GnutlsFunctions
  /** `undefined` if it was built without PKCS #11. */
  readonly tokenFunctions: TokenFunctions | undefined
  /** Gives back what libgnutls has allocated for us. */
  readonly free: (address: Address) => void
  readonly koffi: Koffi
  /** Pointer types of the callbacks. */
  readonly callbackTypes: Readonly<Record<CallbackName, Type>>
}

/** Where to look for the library. */
export interface LibrarySearch {
  /** Name or path of the library; nothing else is tried then. */
  readonly library?: string | undefined
}

/**
 * Finds libgnutls and binds what we call of it.
 *
 * @param load - how to get koffi, which is an optional dependency.
 * @throws {@link TlsError} `TLS_UNAVAILABLE` with an account of what was tried.
 */
export function loadLibrary(
  { library }: LibrarySearch = {},
  load: () => Koffi = requireKoffi,
): GnutlsLibrary {
  const names = library === undefined ? candidates() : [library]
  const koffi = loadKoffi(load)
  const failures: string[] = []
  for (const name of names) {
    let loaded: Loaded
    try {
      loaded = koffi.load(name)
    } catch (error) {
      failures.push(`${name}: ${reasonOf(error)}`)
      continue
    }
    return bind(koffi, loaded, name)
  }
  throw unavailable(`libgnutls cannot be loaded. Tried ${failures.join('; ')}`)
}

/** Names of the library, the first that loads counts: one that was told, else by the system's habits. */
function candidates(): readonly string[] {
  const told = environmentVariable('TLSIO_GNUTLS_LIBRARY')
  if (told !== undefined && told !== '') return [told]
  return namesByPlatform[process.platform] ?? ['libgnutls.so.30']
}

/** By the library's ABI version, 30 since GnuTLS 3.4. */
const namesByPlatform: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    'libgnutls.30.dylib',
    '/opt/homebrew/lib/libgnutls.30.dylib',
    '/usr/local/lib/libgnutls.30.dylib',
  ],
  win32: ['libgnutls-30.dll'],
}

function environmentVariable(name: string): string | undefined {
  try {
    return process.env[name]
  } catch {
    // Deno throws if the program may not read its environment.
    return undefined
  }
}

function requireKoffi(): Koffi {
  return createRequire(import.meta.url)('koffi') as Koffi
}

function loadKoffi(load: () => Koffi): Koffi {
  try {
    return load()
  } catch (error) {
    throw unavailable(
      `The package koffi, which calls libgnutls, cannot be loaded: ${reasonOf(error)}`,
    )
  }
}

function bind(koffi: Koffi, loaded: Loaded, path: string): GnutlsLibrary {
  const version = requireVersion(loaded, path)
  const { types, callbackTypes } = typesFor(koffi)
  const find = ({ name, result, parameters }: Prototype) =>
    loaded.func(
      name,
      result,
      parameters.map((type) => types.get(type) ?? type),
    )
  const functions: Record<string, unknown> = {}
  for (const prototype of prototypes.map(parsePrototype)) {
    const { name } = prototype
    functions[shortName(name)] = required(path, version, name, () => find(prototype))
  }
  const free = required(path, version, 'gnutls_free', () => bindFree(koffi, loaded))
  return {
    path,
    address: koffi.address(loaded.symbol('gnutls_free')),
    version,
    functions: functions as GnutlsFunctions,
    tokenFunctions: bindForTokens(find),
    free,
    koffi,
    callbackTypes,
  }
}

/** What is there without p11-kit is of no use alone. */
function bindForTokens(find: (prototype: Prototype) => unknown): TokenFunctions | undefined {
  try {
    const bound = tokenPrototypes
      .map(parsePrototype)
      .map((prototype) => [shortName(prototype.name), find(prototype)])
    return Object.fromEntries(bound) as TokenFunctions
  } catch {
    return undefined
  }
}

function shortName(name: string): string {
  return name.slice('gnutls_'.length)
}

/** Before anything else is looked for: an old library lacks symbols, and that says it less clearly. */
function requireVersion(loaded: Loaded, path: string): string {
  const check = required(path, undefined, 'gnutls_check_version', () =>
    loaded.func('gnutls_check_version', 'const char *', ['const char *']),
  )
  const version = String(check(null))
  if (check(OLDEST_VERSION) === null) {
    throw unavailable(`${path} is GnuTLS ${version}; ${OLDEST_VERSION} or newer is needed`)
  }
  return version
}

function required<T>(path: string, version: string | undefined, name: string, find: () => T): T {
  try {
    return find()
  } catch (error) {
    const what = version === undefined ? path : `${path} (GnuTLS ${version})`
    throw unavailable(`${what} has no ${name}: ${reasonOf(error)}`)
  }
}

/** Types without names: those with one are known to the whole process, and may be defined once. */
function typesFor(koffi: Koffi) {
  const callbackTypes = Object.fromEntries(
    Object.entries(callbackPrototypes).map(([name, text]) => {
      const { result, parameters } = parsePrototype(text)
      return [name, koffi.pointer(koffi.proto(result, [...parameters]))]
    }),
  ) as Record<CallbackName, Type>
  const types = new Map<string, Type | string>([
    ['datum *', 'uintptr_t'],
    ['typedData *', 'uintptr_t'],
    ...Object.entries(callbackTypes).map(([name, type]): [string, Type] => [`${name} *`, type]),
  ])
  return { types, callbackTypes }
}

/** `gnutls_free` is not a function but a variable that holds the address of one. */
function bindFree(koffi: Koffi, loaded: Loaded): (address: Address) => void {
  const address = koffi.decode(loaded.symbol('gnutls_free'), 'void *')
  return koffi.decode(address, koffi.proto('void', ['uintptr_t']))
}

function unavailable(account: string): TlsError {
  return new TlsError('TLS_UNAVAILABLE', `GnuTLS cannot be used here: ${withoutDot(account)}.`)
}

function reasonOf(error: unknown): string {
  return withoutDot((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '')
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '')
}
