import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'

const child = fileURLToPath(new URL('./key-log-child.js', import.meta.url))

test('key-log/no-secrets-in-the-file-that-SSLKEYLOGFILE-names', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const env = { ...process.env, SSLKEYLOGFILE: join(folder, 'keys') }
  const { stdout } = await promisify(execFile)(process.execPath, [child], { env })
  t.regex(stdout, /^TLS_/)
  t.deepEqual(await readdir(folder), [])
})
