// Packs every package that is published and looks at what others would get: publint and "are the types
// wrong" on each tarball, then all of them installed in an empty folder.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkInstalled, checkWithoutOptional } from './check-installed.mjs'
import { run } from './run.mjs'

const folder = await mkdtemp(join(tmpdir(), 'tlsio-packages-'))
try {
  const packed = []
  for (const { path, manifest } of await published()) packed.push(await pack(path, manifest))
  for (const one of packed) {
    await Promise.all([
      run('publint', ['run', '--strict', one.tarball]),
      // There is no CommonJS, and so nothing for those who look for it.
      run('attw', [one.tarball, '--profile', 'esm-only', '--no-emoji', '--no-summary']),
    ])
    console.log(`ok ${one.name}: publint, attw`)
  }
  await checkInstalled(packed, join(folder, 'empty'))
  await checkWithoutOptional(packed, join(folder, 'optional'))
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function published() {
  const found = []
  for (const name of (await readdir('packages')).sort()) {
    const path = join('packages', name)
    const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))
    if (manifest.private !== true) found.push({ path, manifest })
  }
  return found
}

async function pack(path, { name, exports, dependencies = {} }) {
  const packed = await run('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd: path })
  const tarball = JSON.parse(packed).filename
  const entries = Object.keys(exports).map((subpath) => join(name, subpath))
  return { name, tarball, entries, dependencies: Object.keys(dependencies) }
}
