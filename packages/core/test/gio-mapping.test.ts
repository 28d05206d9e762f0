import { existsSync, readdirSync, readFileSync } from 'node:fs'
import test from 'ava'

const DOCUMENT = new URL('../../../../docs/gio-mapping.md', import.meta.url)
const DECLARATIONS = new URL('../', import.meta.url)
const ENTRY_POINTS = ['index', 'di', 'backend-kit', 'node/index', 'node/engine-kit']

/** Whose members must all be in the document. */
const COMPLETE = [
  'DatagramSocket',
  'DtlsClientConnection',
  'DtlsConnection',
  'DtlsServerConnection',
  'TlsBackend',
  'TlsCertificate',
  'TlsClientConnection',
  'TlsConnection',
  'TlsDatabase',
  'TlsInteraction',
  'TlsPassword',
  'TlsServerConnection',
  'IoStream',
]

interface Row {
  readonly gio: string
  readonly ours: string
  readonly notes: string
}

const rows = existsSync(DOCUMENT) ? readRows(readFileSync(DOCUMENT, 'utf8')) : undefined
const onDocument = rows === undefined ? test.skip : test

onDocument('docs/gio-mapping/names-exist', (t) => {
  const declarations = new Declarations()
  const missing = mentioned('ours').filter((name) => !declarations.has(name))
  t.deepEqual(missing, [])
})

onDocument('docs/gio-mapping/every-row-has-an-answer', (t) => {
  const answer = /^(`[^`]+`(, `[^`]+`)*|not mirrored)$/
  t.deepEqual(
    rows?.filter(({ ours, notes }) => !answer.test(ours) || (ours === 'not mirrored' && !notes)),
    [],
  )
})

onDocument('docs/gio-mapping/no-member-is-left-out', (t) => {
  const declarations = new Declarations()
  const names = new Set(mentioned('ours'))
  const members = COMPLETE.flatMap((type) =>
    declarations.members(type).map((member) => `${type}.${member}`),
  )
  t.true(members.length > 50)
  t.deepEqual(
    members.filter((name) => !names.has(name)),
    [],
  )
})

onDocument('docs/gio-mapping/notes-name-what-exists', (t) => {
  const declarations = new Declarations()
  const qualified = mentioned('notes').filter((name) => /^[A-Z]\w+\.\w/.test(name))
  t.deepEqual(
    qualified.filter((name) => !/^(AbortSignal)\./.test(name) && !declarations.has(name)),
    [],
  )
})

/** The names in code style of a column, `Type.member()` as `Type.member`. */
function mentioned(column: 'ours' | 'notes'): string[] {
  return (rows ?? []).flatMap((row) =>
    [...row[column].matchAll(/`([^`]+)`/g)].map(([, name]) => (name as string).replace('()', '')),
  )
}

function readRows(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\|\s*(-+|GIO)\s*\|/.test(line))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      return { gio: cells[1] ?? '', ours: cells[2] ?? '', notes: cells.slice(3, -1).join('|') }
    })
}

/** What `@tlsio/core` declares, read from its declaration files as text. */
class Declarations {
  readonly #exported = new Set<string>()
  readonly #blocks = new Map<string, string>()

  constructor() {
    for (const file of readdirSync(DECLARATIONS, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.d.ts') || file.startsWith('test')) continue
      const text = readFileSync(new URL(file, DECLARATIONS), 'utf8')
      const isEntryPoint = ENTRY_POINTS.includes(file.replaceAll('\\', '/').slice(0, -5))
      if (isEntryPoint) this.#readExports(text)
      for (const block of text.split(/^(?=export )/m)) {
        const name =
          /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type) (\w+)/.exec(
            block,
          )?.[1]
        if (name === undefined) continue
        this.#blocks.set(name, (this.#blocks.get(name) ?? '') + block)
        if (isEntryPoint) this.#exported.add(name)
      }
    }
  }

  /** Whether `Name` is public, or `Type.member` a member or one of the texts of a public type. */
  has(name: string): boolean {
    const [type, member] = splitAtFirst(name, '.')
    if (!this.#exported.has(type)) return false
    if (member === undefined) return true
    return this.members(type).includes(member) || this.#block(type).includes(`'${member}'`)
  }

  /** The public members that a type declares itself. */
  members(type: string): string[] {
    const member = /^ {4}(?:static |readonly |get |set )*(\w+|\[Symbol\.\w+\])[?(:<]/gm
    const names = [...this.#block(type).matchAll(member)].map(([, name]) => name as string)
    return [...new Set(names)].filter((name) => name !== 'constructor')
  }

  #readExports(text: string): void {
    for (const [, list] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
      for (const name of (list as string).split(',')) {
        this.#exported.add(name.trim().replace(/^type /, ''))
      }
    }
  }

  #block(type: string): string {
    return this.#blocks.get(type) ?? ''
  }
}

function splitAtFirst(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
