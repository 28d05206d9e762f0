// `tsc -b` leaves the output of a deleted source behind, and a deleted test would go on running.
import { readdir, rm } from 'node:fs/promises'

const packages = (await readdir('packages')).map((name) => `packages/${name}`)
for (const folder of [
  ...packages,
  'packages/conformance/mutants',
  'examples',
  'bench',
  'runtimes',
  'tables',
  'vectors',
]) {
  await rm(`${folder}/dist`, { recursive: true, force: true })
}
