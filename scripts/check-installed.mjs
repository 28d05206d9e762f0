// What a stranger gets: the tarballs in a folder where there is nothing else, no test runner either.
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.mjs'

/** Runs the kit on a real backend, with nothing but the two and what they bring. */
const kit = `
import { createNodeBackend } from '@tlsio/backend-node'
import { planConformance } from '@tlsio/conformance'

const filter = (title) => title.includes('/alpn/') || title.includes('/session-resumption/')
const cases = planConformance({ createBackend: createNodeBackend, filter })
for (const { run } of cases) await run()
console.log(cases.length)
`

/** What selection says where gnutls is preferred to node. */
const selection = `
import { gnutlsBackend } from '@tlsio/backend-gnutls'
import { nodeBackend } from '@tlsio/backend-node'
import { explainBackends, registerBackend } from '@tlsio/core'

registerBackend(nodeBackend)
registerBackend(gnutlsBackend)
console.log(JSON.stringify(explainBackends()))
`

/** Installs them in `folder`, imports each of their entries, and runs some cases of the kit there. */
export async function checkInstalled(packed, folder) {
  const conformance = packed.find(({ name }) => name === '@tlsio/conformance')
  assert.deepEqual(conformance.dependencies, ['@tlsio/core'], 'The suite depends on core only.')
  await install(folder, packed, ['@tlsio/conformance', '@tlsio/backend-node'])
  const runners = await installedAmong(folder, ['ava', 'vitest', 'mocha', 'jest', 'tap', 'tape'])
  assert.deepEqual(runners, [], 'No test runner comes with the suite.')
  await writeFile(join(folder, 'kit.mjs'), kit)
  const passed = Number(await run(process.execPath, ['kit.mjs'], { cwd: folder }))
  assert(passed > 0)
  console.log(`ok @tlsio/conformance: installed with no runner, ${passed} cases passed`)

  const names = packed.map(({ name }) => name)
  await install(folder, packed, names)
  for (const entry of packed.flatMap(({ entries }) => entries)) {
    await run(process.execPath, ['--input-type=module', '--eval', `import '${entry}'`], {
      cwd: folder,
    })
    console.log(`ok ${entry}: imported`)
  }
}

/** koffi is an optional dependency: it is found where it is installed, and is not needed to go on. */
export async function checkWithoutOptional(packed, folder) {
  const names = ['@tlsio/backend-gnutls', '@tlsio/backend-node', '@tlsio/core']
  await install(folder, packed, names)
  const [found] = await explain(folder)
  assert.doesNotMatch(found.reason, /koffi/, 'koffi is found, whether libgnutls is there or not.')

  const bare = `${folder}-bare`
  await install(bare, packed, names, ['--no-optional'])
  assert.deepEqual(await installedAmong(bare, ['koffi']), [])
  const [gnutls, node] = await explain(bare)
  assert.equal(gnutls.outcome, 'refused')
  assert.match(gnutls.reason, /The package koffi, which calls libgnutls, cannot be loaded/)
  assert.deepEqual([node.name, node.outcome], ['node', 'chosen'])
  console.log(`ok @tlsio/backend-gnutls: without koffi, node is taken: ${gnutls.reason}`)
}

async function explain(folder) {
  await writeFile(join(folder, 'selection.mjs'), selection)
  const env = { TLSIO_BACKEND: 'gnutls' }
  return JSON.parse(await run(process.execPath, ['selection.mjs'], { cwd: folder, env }))
}

async function install(folder, packed, names, more = []) {
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const dependencies = Object.fromEntries(names.map((name) => [name, tarballs[name]]))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  // What they depend on of each other are the tarballs, too: none of these versions is published yet.
  await writeFile(join(folder, 'pnpm-workspace.yaml'), JSON.stringify({ overrides: tarballs }))
  const options = ['--prefer-offline', '--no-frozen-lockfile', '--ignore-scripts', ...more]
  await run('pnpm', ['install', ...options], { cwd: folder })
}

/** Which of these packages there are, whoever has asked for them. */
async function installedAmong(folder, names) {
  const all = await readdir(join(folder, 'node_modules/.pnpm'))
  return names.filter((name) => all.some((one) => one.startsWith(`${name}@`)))
}
