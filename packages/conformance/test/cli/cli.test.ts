import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readReports } from '#src/report/read-reports.js'
import { kitVersion } from '#src/run/kit-version.js'
import { folderWith, moduleUrl, runBin } from './run-bin.js'

const node = moduleUrl('backend-node/dist/index.js')
const forge = moduleUrl('backend-forge/dist/index.js')
const nothing = moduleUrl('backend-null/dist/index.js')
const faulty = moduleUrl('conformance/dist/test/faulty-backends.js')
const foreign = moduleUrl('conformance/dist/foreign-backend.js')

const backends = {
  'node.mjs': `export { createNodeBackend as default } from '${node}'`,
  'registration.mjs': `export { nodeBackend } from '${node}'`,
  'forgetful.mjs': `export { createForgetfulBackend as default } from '${faulty}'`,
  'known.mjs': `export { createForgetfulBackend as default } from '${faulty}'
    export const expectedFailures = { 'alpn/agreed': 'it forgets the protocols' }`,
  'null.mjs': `export { createNullBackend as default } from '${nothing}'`,
  'forge.mjs': `export { createForgeBackend as default } from '${forge}'`,
  'openssl.mjs': `import { createNodeBackend } from '${node}'
    export default (context) => createNodeBackend({ ...context, allowDeprecatedVersions: true })`,
  'client.mjs': `import { createNodeBackend } from '${node}'
    export default (context) => {
      const backend = createNodeBackend(context)
      return Object.assign(backend, { name: 'client', supports: { ...backend.supports, server: false } })
    }`,
  'server.mjs': `import { createNodeBackend } from '${node}'
    export default (context) => {
      const backend = createNodeBackend(context)
      return Object.assign(backend, { name: 'server', supports: { ...backend.supports, client: false } })
    }`,
  'mended.mjs': `export { createNodeBackend as default } from '${node}'
    export const expectedFailures = { 'alpn/agreed': 'it was broken once' }`,
}

test('cli/help-and-version', async (t) => {
  const folder = await folderWith(t, {})
  const help = await runBin(folder, '--help')
  t.is(help.status, 0)
  for (const word of ['--peer', '--filter', '--json', '--html', 'report', 'Exit status']) {
    t.true(help.stdout.includes(word), word)
  }
  t.true(help.stdout.split('\n').every((line) => line.length <= 110))
  t.deepEqual(await runBin(folder, '--version'), {
    status: 0,
    stdout: `${kitVersion}\n`,
    stderr: '',
  })
})

test('cli/all-is-well', async (t) => {
  const folder = await folderWith(t, backends)
  const { status, stdout, stderr } = await runBin(folder, './node.mjs', '--filter', '/alpn/')
  t.is(status, 0)
  t.is(stderr, '')
  t.regex(stdout, /^node→node: 14 cases\n\nnode→node TLSv1\.2, TLSv1\.3\n/)
  t.regex(stdout, /^alpn +14 /m)
  t.regex(stdout, /^must 2 of 2; should 12 of 12$/m)
  t.regex(stdout, /^! partial run: 14 passed, 0 failed, 0 expected to fail in /m)
  t.false(stdout.includes('\u001b'), 'no colours in a pipe')
})

test('cli/a-whole-run-can-conform', async (t) => {
  const folder = await folderWith(t, backends)
  const { status, stdout } = await runBin(folder, './null.mjs', '--json', 'report.json')
  t.is(status, 0)
  t.regex(stdout, /^must \d+ of \d+.*\n✓ conforming: \d+ passed, 0 failed, 0 expected to fail in /m)
  const [report] = readReports(await readFile(join(folder, 'report.json'), 'utf8'))
  t.like(report, { outcome: 'conforming', filtered: false, scope: 'all' })
})

test('cli/a-case-fails', async (t) => {
  const folder = await folderWith(t, backends)
  const words = ['./forgetful.mjs', '--filter', 'TLSv1.3/alpn/agreed', '--json', 'report.json']
  const { status, stdout } = await runBin(folder, ...words)
  t.is(status, 1)
  t.regex(stdout, /^✗ node→node\/TLSv1\.3\/alpn\/agreed\n {2}negotiatedProtocol is /m)
  t.regex(stdout, /^✗ not conforming, partial run: 0 passed, 1 failed/m)
  const [report] = readReports(await readFile(join(folder, 'report.json'), 'utf8'))
  t.is(report?.runtime, `Node.js ${process.versions.node}`)
  t.like(report?.cases[0], { name: 'alpn/agreed', verdict: 'failed' })
  t.true((report?.cases[0]?.trace[0]?.records.length ?? 0) > 3)
})

test('cli/known-defects-are-shown-with-their-reason', async (t) => {
  const folder = await folderWith(t, backends)
  const { status, stdout } = await runBin(folder, './known.mjs', '--filter', 'alpn/agreed')
  t.is(status, 0)
  t.regex(
    stdout,
    /Known defects:\n! it forgets the protocols\n +node→node\/TLSv1\.2\/alpn\/agreed\n/,
  )
  t.regex(stdout, /2 expected to fail/)
})

test('cli/mended-defects-are-red', async (t) => {
  const folder = await folderWith(t, backends)
  const { status, stdout } = await runBin(folder, './mended.mjs', '--filter', 'alpn/agreed')
  t.is(status, 1)
  t.regex(stdout, /It passes, though it was expected to fail: it was broken once/)
  t.regex(stdout, /2 mended and still in expectedFailures/)
})

test('cli/peers-and-several-backends', async (t) => {
  const folder = await folderWith(t, {
    ...backends,
    'peer.mjs': `import { createNodeBackend } from '${node}'
      export const backend = {
        name: 'peer',
        create: (context) => Object.defineProperty(createNodeBackend(context), 'name', { value: 'peer' }),
      }`,
  })
  const words = ['./registration.mjs', './known.mjs', '--peer', './peer.mjs']
  const filters = ['--filter', 'TLSv1.3/alpn/agreed', '--filter', 'name-can-be-preferred']
  const { status, stdout } = await runBin(folder, ...words, ...filters, '--json', 'report.json')
  t.is(status, 0, stdout)
  const reports = readReports(await readFile(join(folder, 'report.json'), 'utf8'))
  t.deepEqual(
    reports.map(({ backend, peer, cases }) => `${backend}→${peer} ${cases.length}`),
    [
      ...['node→node 2', 'node→peer 1', 'peer→node 1'],
      ...['node→node 2', 'node→peer 1', 'peer→node 1'],
    ],
  )
  t.regex(
    stdout,
    /^peer→node TLSv1\.3\nNode.*, clients of peer, servers of node, without what needs no peer$/m,
  )
})

/** Runs a command; gives what was run, each as `backend→peer versions`. */
async function pairsOf(t: ExecutionContext, ...words: readonly string[]): Promise<string[]> {
  const folder = await folderWith(t, backends)
  const { status, stdout } = await runBin(folder, ...words, '--json', 'report.json')
  t.is(status, 0, stdout)
  const reports = readReports(await readFile(join(folder, 'report.json'), 'utf8'))
  return reports.map(({ backend, peer, versions }) => `${backend}→${peer} ${versions.join(' ')}`)
}

test('cli/both-directions', async (t) => {
  const words = ['./forge.mjs', '--peer', './openssl.mjs', '--filter', 'server-name/in-a-labels']
  t.deepEqual(await pairsOf(t, ...words), [
    'forge→forge TLSv1 TLSv1.1',
    'forge→node TLSv1 TLSv1.1',
    'node→forge TLSv1 TLSv1.1',
  ])
})

test('cli/as-far-as-there-are-clients-and-servers', async (t) => {
  const filters = ['--filter', 'TLSv1.3/alpn/agreed', '--filter', 'name-can-be-preferred']
  const pairs = (...words: readonly string[]) => pairsOf(t, ...words, ...filters)
  t.deepEqual(await pairs('./client.mjs', '--peer', './node.mjs'), ['client→node TLSv1.3'])
  t.deepEqual(await pairs('./server.mjs', '--peer', './node.mjs'), [
    'server→server ',
    'node→server TLSv1.3',
  ])
  t.deepEqual(await pairs('./server.mjs', '--peer', './client.mjs'), [
    'server→server ',
    'client→server TLSv1.3',
  ])
})

test('cli/known-defects-of-a-server-are-named-with-the-pair', async (t) => {
  const named = 'client→node/TLSv1.3/alpn/agreed'
  const folder = await folderWith(t, {
    ...backends,
    'named.mjs': `${backends['node.mjs']}
      export const expectedFailures = { '${named}': 'it was broken once' }`,
  })
  const words = ['./named.mjs', '--peer', './client.mjs', '--filter', 'TLSv1.3/alpn/agreed']
  const { status, stdout } = await runBin(folder, ...words)
  t.is(status, 1, stdout)
  t.deepEqual(stdout.match(/^✗ .*agreed$/gm), [`✗ ${named}`])
})

test('cli/what-a-file-holds-stays-until-the-run-is-over', async (t) => {
  const folder = await folderWith(t, { ...backends, 'report.json': 'before' })
  const words = ['./node.mjs', '--filter', 'TLSv1.3/alpn/agreed', '--json', 'report.json']
  const refused = await runBin(folder, ...words, '--html', 'no/such/folder.html')
  t.is(refused.status, 2)
  t.is(refused.stdout, '', 'nothing was run')
  t.is(await readFile(join(folder, 'report.json'), 'utf8'), 'before')
  t.is((await runBin(folder, ...words)).status, 0)
  t.is(readReports(await readFile(join(folder, 'report.json'), 'utf8')).length, 1)
})

test('cli/over-sockets', async (t) => {
  const folder = await folderWith(t, backends)
  const words = ['./node.mjs', '--transport', 'tcp', '--filter', 'TLSv1.3/alpn/agreed']
  const { status, stdout } = await runBin(folder, ...words)
  t.is(status, 0)
  t.regex(stdout, /^node→node over tcp TLSv1\.3$/m)
})

test('cli/reports-are-put-together', async (t) => {
  const folder = await folderWith(t, backends)
  const filter = ['--filter', 'TLSv1.3/alpn/agreed']
  t.is((await runBin(folder, './node.mjs', ...filter, '--json', 'a.json')).status, 0)
  t.is((await runBin(folder, './forgetful.mjs', ...filter, '--json', 'b.json')).status, 1)
  const words = ['report', 'a.json', 'b.json', '--html', 'both.html', '--json', 'both.json']
  const { status, stdout } = await runBin(folder, ...words)
  t.is(status, 1, 'as the worst of them')
  t.is(stdout.match(/^node→node TLSv1\.3$/gm)?.length, 2)
  t.is(readReports(await readFile(join(folder, 'both.json'), 'utf8')).length, 2)
  t.regex(await readFile(join(folder, 'both.html'), 'utf8'), /^<!doctype html>/)
})

const strays = {
  rejected: "Promise.reject(new Error('Nobody looks at this.'))",
  thrown: "process.nextTick(() => { throw new Error('Nobody looks at this.') })",
}

for (const [how, stray] of Object.entries(strays)) {
  test(`cli/what-nobody-catches-is-a-failure/${how}`, async (t) => {
    const folder = await folderWith(t, {
      'stray.mjs': `import { ForeignBackend } from '${foreign}'
        export default (context) => {
          ${stray}
          setInterval(() => {}, 1000)
          return new ForeignBackend(context)
        }`,
    })
    const words = ['./stray.mjs', '--filter', 'close-tolerated']
    const { status, stdout } = await runBin(folder, ...words)
    t.is(status, 1)
    t.regex(stdout, /Nobody caught this: Error: Nobody looks at this\./)
  })
}

const refusals: readonly [name: string, words: readonly string[], message: RegExp][] = [
  ['no-backend', [], /Which backend\?/],
  ['no-such-file', ['./missing.mjs'], /There is no file "\.\/missing\.mjs"\./],
  ['no-such-package', ['no-such-package'], /"no-such-package" cannot be loaded: Cannot find/],
  ['no-such-export', ['./node.mjs#nothing'], /exports no backend as "nothing"; .* of default\./],
  ['nothing-exported', ['./empty.mjs'], /exports no backend; it exports nothing\./],
  ['which-of-them', ['./two.mjs'], /exports more than one backend; .* of a, b\./],
  ['no-function', ['./number.mjs'], /exports no backend; /],
  ['unavailable', ['./unavailable.mjs'], /is not available here: There is no TLS in this house\./],
  ['no-backend-made', ['./nonsense.mjs'], /makes is no backend/],
  ['broken-module', ['./broken.mjs'], /cannot be loaded: broken as it is/],
  ['reason-missing', ['./no-reason.mjs'], /The expected failure "alpn\/agreed" needs a reason\./],
  ['no-such-case', ['./no-case.mjs'], /The expected failure "alpn\/greed" names no case/],
  ['defects-no-object', ['./defects.mjs'], /`expectedFailures` of "\.\/defects\.mjs" is no object/],
  [
    'no-direction',
    ['./client.mjs', '--peer', './client.mjs'],
    /"client" and "client" cannot speak to each other/,
  ],
  ['no-servers', ['./client.mjs'], /"client" has no version in common/],
  ['nothing-to-run', ['./node.mjs', '--filter', 'no such title'], /No case has such a title\./],
  ['unknown-option', ['./node.mjs', '--fast'], /Unknown option '--fast'/],
  ['unknown-transport', ['./node.mjs', '--transport', 'pigeon'], /no transport "pigeon"/],
  ['no-number', ['./node.mjs', '--patience', 'much'], /--patience takes a number/],
  ['nothing-to-put-together', ['report'], /needs the name of a JSON file/],
  [
    'report-missing',
    ['report', 'missing.json'],
    /"missing\.json" cannot be used: there is no such/,
  ],
  [
    'report-of-something-else',
    ['report', 'other.json'],
    /"other\.json" cannot be used: it is no rep/,
  ],
  [
    'report-cannot-be-written',
    ['./node.mjs', '--filter', 'TLSv1.3/alpn/agreed', '--json', 'no/such/folder.json'],
    /"no\/such\/folder\.json" cannot be written: there is no such file or folder\./,
  ],
]

for (const [name, words, message] of refusals) {
  test(`cli/refused/${name}`, async (t) => {
    const folder = await folderWith(t, {
      ...backends,
      'empty.mjs': '',
      'two.mjs': `import { nodeBackend } from '${node}'
        export const a = { ...nodeBackend }, b = { ...nodeBackend, name: 'b' }`,
      'number.mjs': 'export default 7',
      'unavailable.mjs': `export default () => { throw new Error('There is no TLS in this house.') }`,
      'nonsense.mjs': 'export default () => ({})',
      'broken.mjs': `throw new Error('broken as it is')`,
      'no-reason.mjs': `${backends['node.mjs']}
        export const expectedFailures = { 'alpn/agreed': ' ' }`,
      'no-case.mjs': `${backends['node.mjs']}
        export const expectedFailures = { 'alpn/greed': 'a typo' }`,
      'defects.mjs': `${backends['node.mjs']}
        export const expectedFailures = 'all of them'`,
      'other.json': '{}',
    })
    const { status, stderr } = await runBin(folder, ...words)
    t.is(status, 2)
    t.regex(stderr, /^tlsio-conformance: [^\n]+\n$/, 'one sentence')
    t.regex(stderr, message)
  })
}
