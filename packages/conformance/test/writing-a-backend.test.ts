import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const guide = await readFile(join(root, 'docs/writing-a-backend.md'), 'utf8')

/** What the guide installs, by where it is in the workspace. */
const installed = {
  '@tlsio/core': 'packages/core',
  '@tlsio/backend-node': 'packages/backend-node',
  '@tlsio/conformance': 'packages/conformance',
  '@types/node': 'node_modules/@types/node',
  ava: 'node_modules/ava',
  typescript: 'node_modules/typescript',
  '.bin/ava': 'node_modules/ava/entrypoints/cli.mjs',
  '.bin/tsc': 'node_modules/typescript/bin/tsc',
  '.bin/tlsio-conformance': 'packages/conformance/bin/conformance.js',
}

test('docs/writing-a-backend/followed-to-the-letter', async (t) => {
  t.timeout(180_000, 'The suite runs once.')
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-guide-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const files = filesOf(guide)
  for (const [path, text] of files) await write(join(folder, path), text)
  for (const [name, path] of Object.entries(installed)) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, path), link)
  }
  const { dependencies, devDependencies } = JSON.parse(files.get('package.json') ?? '')
  t.deepEqual(
    Object.keys({ ...dependencies, ...devDependencies }).sort(),
    Object.keys(installed)
      .filter((name) => !name.startsWith('.'))
      .sort(),
  )

  // Compiles, types and all, and is green.
  const { stdout } = await run(folder, 'npm', ['test', '--', '--tap'])
  const [, passed] = /^# pass (\d+)$/m.exec(stdout) ?? []
  t.true(Number(passed) > 500, stdout)
  const known = stdout.match(/^ok .* \(expected to fail: .*\)$/gm) ?? []
  t.deepEqual(known.map(reasonIn), knownDefectsOf(files.get('src/examined.ts') ?? ''))

  const application = await run(folder, process.execPath, ['dist/application.js'])
  t.is(application.stdout, 'example\n')

  // Exits with an error if a case has failed that should not.
  const [, words = ''] = /^npx (@tlsio\/conformance .*)$/m.exec(guide) ?? []
  const report = await run(folder, 'npx', ['--no', '--', ...words.split(' ')])
  t.regex(report.stdout, /3 expected to fail/)
  t.regex(await readFile(join(folder, 'report.html'), 'utf8'), /<html/)
})

/** The blocks of code that begin with the path of their file. */
function filesOf(markdown: string): ReadonlyMap<string, string> {
  const blocks = markdown.matchAll(/^```(?:ts|json)\n\/\/ (\S+)\n(.*?)^```$/gms)
  return new Map([...blocks].map(([, path = '', text = '']) => [path, text]))
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

function reasonIn(line: string): string | undefined {
  return /\(expected to fail: (.*)\)$/.exec(line)?.[1]
}

/** The reasons of the guide's own list. */
function knownDefectsOf(source: string): string[] {
  const [, list = ''] = /expectedFailures = \{(.*?)\}/s.exec(source) ?? []
  return [...list.matchAll(/'[^']+': '([^']+)'/g)].map(([, reason]) => reason as string)
}

/** With the Node that runs this test, whatever npm is there. */
function run(cwd: string, program: string, args: string[]) {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, npm_config_update_notifier: 'false' }
  return promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 })
}
