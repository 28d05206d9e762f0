import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BackendRegistration, TlsBackend } from '@tlsio/core'
import type { CreateBackend } from '../options.js'
import { messageOf, UsageError } from './usage-error.js'

/** A backend that a module exports. */
export interface LoadedBackend {
  /** Makes one. */
  readonly create: CreateBackend
  /** One of them, to ask for its name and what it can do. */
  readonly backend: TlsBackend
  /** Known defects and their reasons, by titles or first parts of titles. */
  readonly expectedFailures: Readonly<Record<string, string>>
}

/**
 * Loads the backend of a module: a path, or a package as `directory` sees it, and `#` and the name of
 * an export where it is not clear which is meant.
 *
 * @throws UsageError if there is none, or if it does not work here.
 */
export async function loadBackend(specifier: string, directory: string): Promise<LoadedBackend> {
  const [module = '', name] = specifier.split('#', 2)
  const exports = await importFrom(module, directory)
  const create = asCreateBackend(name === undefined ? backendAmong(exports, module) : exports[name])
  if (create === undefined) {
    throw new UsageError(`"${module}" exports no backend as "${name}"${hint(exports)}`)
  }
  return { create, backend: make(create, module), expectedFailures: knownDefects(exports, module) }
}

type Exports = Readonly<Record<string, unknown>>

async function importFrom(module: string, directory: string): Promise<Exports> {
  const url = locate(module, directory)
  try {
    return await import(url)
  } catch (error) {
    throw new UsageError(`"${module}" cannot be loaded: ${messageOf(error)}`)
  }
}

/** A file by its path; else a package of the caller's, or one that is installed beside the kit. */
function locate(module: string, directory: string): string {
  const path = resolve(directory, module)
  if (existsSync(path)) return pathToFileURL(path).href
  if (/^(\.{0,2}[/\\]|[a-z]:)/i.test(module) || /\.[cm]?[jt]s$/.test(module)) {
    throw new UsageError(`There is no file "${module}".`)
  }
  try {
    return pathToFileURL(createRequire(join(directory, '_')).resolve(module)).href
  } catch {
    return module
  }
}

function backendAmong(exports: Exports, module: string): unknown {
  const { default: standard, createBackend, backend } = exports
  const named = [standard, createBackend, backend].find((one) => asCreateBackend(one))
  if (named !== undefined) return named
  const all = Object.values(exports)
  const registrations = all.filter(isRegistration)
  if (registrations.length === 1) return registrations[0]
  const makers = Object.entries(exports).filter(([name, value]) => isMaker(name, value))
  if (registrations.length === 0 && makers.length === 1) return makers[0]?.[1]
  const several = registrations.length + makers.length > 0
  const what = several ? 'exports more than one backend' : 'exports no backend'
  throw new UsageError(`"${module}" ${what}${hint(exports)}`)
}

function isMaker(name: string, value: unknown): boolean {
  return typeof value === 'function' && /^create\w*Backend$/.test(name)
}

function isRegistration(value: unknown): value is BackendRegistration {
  const { name, create } = (value ?? {}) as Partial<BackendRegistration>
  return typeof value === 'object' && typeof name === 'string' && typeof create === 'function'
}

function asCreateBackend(value: unknown): CreateBackend | undefined {
  if (typeof value === 'function') return (context) => value(context)
  return isRegistration(value) ? (context) => value.create(context) : undefined
}

function hint(exports: Exports): string {
  const names = Object.keys(exports)
  return names.length === 0
    ? '; it exports nothing.'
    : `; say which of its exports is one: MODULE#NAME, of ${names.join(', ')}.`
}

function make(create: CreateBackend, module: string): TlsBackend {
  let backend: unknown
  try {
    backend = create({ explain: () => [] })
  } catch (error) {
    throw new UsageError(`The backend of "${module}" is not available here: ${messageOf(error)}`)
  }
  const { name, supports } = (backend ?? {}) as Partial<TlsBackend>
  if (typeof name !== 'string' || typeof supports !== 'object') {
    throw new UsageError(
      `What "${module}" makes is no backend: it has no name, or no \`supports\`.`,
    )
  }
  return backend as TlsBackend
}

function knownDefects(exports: Exports, module: string): Readonly<Record<string, string>> {
  const { expectedFailures = {} } = exports
  if (typeof expectedFailures === 'object' && expectedFailures !== null) {
    return { ...(expectedFailures as Record<string, string>) }
  }
  throw new UsageError(`\`expectedFailures\` of "${module}" is no object of titles and reasons.`)
}
