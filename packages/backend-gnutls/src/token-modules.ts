import { TlsError } from '@tlsio/core'
import { Modules } from './ffi/constants.js'
import type { TokenFunctions } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'

/**
 * The PKCS #11 modules that libgnutls has loaded, for the whole process. It begins once, with those of the
 * system or with none, and takes a second beginning for a success that it is not. A module can be added
 * at any time.
 */
export class TokenModules {
  readonly #error: Gnutls['error']
  readonly #functions: ModuleFunctions
  readonly #paths = new Set<string>()
  #beginning: Beginning | undefined

  constructor(error: Gnutls['error'], functions: ModuleFunctions) {
    this.#error = error
    this.#functions = functions
  }

  /**
   * Loads modules, unless they are there already.
   *
   * @param paths - `undefined` for those of the system.
   * @throws {@link TlsError} `TLS_MISC` for one that does not work, and for those of the system after
   *   others.
   */
  load(paths: readonly string[] | undefined): void {
    if (paths === undefined) this.#loadThoseOfSystem()
    else for (const path of this.#missing(paths)) this.#add(path)
  }

  #loadThoseOfSystem(): void {
    const { flag, code } = this.#begin(Modules.AUTO)
    if (flag === Modules.AUTO) this.#require(code, THOSE_OF_SYSTEM)
    else {
      const message =
        `GnuTLS cannot load ${THOSE_OF_SYSTEM} any more: this process has already named others ` +
        '(the option pkcs11Modules), and only they are there.'
      throw new TlsError('TLS_MISC', message)
    }
  }

  #missing(paths: readonly string[]): readonly string[] {
    const { flag, code } = this.#begin(Modules.MANUAL)
    if (flag === Modules.MANUAL) this.#require(code, 'any PKCS #11 module')
    return paths.filter((path) => !this.#paths.has(path))
  }

  #add(path: string): void {
    const code = this.#functions.pkcs11_add_provider(path, null)
    this.#require(code, `the PKCS #11 module ${path}`)
    this.#paths.add(path)
  }

  /** How it began, if that was before, and what came of it: it would say nothing of that again. */
  #begin(flag: number): Beginning {
    this.#beginning ??= { flag, code: this.#functions.pkcs11_init(flag, null) }
    return this.#beginning
  }

  #require(code: number, what: string): void {
    if (code >= 0) return
    const cause = this.#error(code)
    throw new TlsError('TLS_MISC', `GnuTLS cannot load ${what}: ${cause.message}.`, { cause })
  }
}

/**
 * Those of a library, which may have been found by several names.
 *
 * @param functions - of it.
 */
export function tokenModulesOf(gnutls: Gnutls, functions: ModuleFunctions): TokenModules {
  const { address } = gnutls.library
  let modules = known.get(address)
  if (modules === undefined) {
    modules = new TokenModules((code) => gnutls.error(code), functions)
    known.set(address, modules)
  }
  return modules
}

type ModuleFunctions = Pick<TokenFunctions, 'pkcs11_init' | 'pkcs11_add_provider'>

/** The flag of `gnutls_pkcs11_init`, and what it returned. */
interface Beginning {
  readonly flag: number
  readonly code: number
}

const THOSE_OF_SYSTEM = 'the PKCS #11 modules of the system'

const known = new Map<bigint, TokenModules>()
