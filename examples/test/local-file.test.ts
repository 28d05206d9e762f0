import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { IncomingFile, OutgoingFile } from '#src/ftps/local-file.js'
import { scratchFolder } from './harness.js'

test('ftps/local-file/has-its-name-only-when-complete', async (t) => {
  const folder = await scratchFolder(t)
  const file = await IncomingFile.create(join(folder, 'a'), false)
  await file.write(Buffer.from('one '))
  await file.write(Buffer.from('two'))
  t.deepEqual(await readdir(folder), ['a.part'])
  await file.complete()
  t.deepEqual(await readdir(folder), ['a'])
  t.is(await readFile(join(folder, 'a'), 'utf8'), 'one two')
})

test('ftps/local-file/discarded', async (t) => {
  const folder = await scratchFolder(t)
  const file = await IncomingFile.create(join(folder, 'a'), false)
  await file.write(Buffer.from('one'))
  await file.discard()
  t.deepEqual(await readdir(folder), [])
})

test('ftps/local-file/name-taken-meanwhile', async (t) => {
  const folder = await scratchFolder(t)
  const file = await IncomingFile.create(join(folder, 'a'), false)
  await writeFile(join(folder, 'a'), 'somebody else')
  await t.throwsAsync(file.complete(), { message: /"[^"]+a": it exists already\./ })
  await file.discard()
  t.is(await readFile(join(folder, 'a'), 'utf8'), 'somebody else')
  t.deepEqual(await readdir(folder), ['a'])
})

test('ftps/local-file/part-of-another-download-is-left-alone', async (t) => {
  const folder = await scratchFolder(t)
  await writeFile(join(folder, 'a.part'), 'somebody else')
  const created = IncomingFile.create(join(folder, 'a'), true)
  await t.throwsAsync(created, { message: /a\.part": it exists already\./ })
  t.is(await readFile(join(folder, 'a.part'), 'utf8'), 'somebody else')
})

test('ftps/local-file/nowhere-to-write', async (t) => {
  const folder = await scratchFolder(t)
  const created = IncomingFile.create(join(folder, 'none', 'a'), false)
  await t.throwsAsync(created, { message: /there is no such file or folder/ })
})

test('ftps/local-file/folder-is-no-file', async (t) => {
  const folder = await scratchFolder(t)
  await mkdir(join(folder, 'sub'))
  await t.throwsAsync(OutgoingFile.open(join(folder, 'sub')), { message: /it is no file/ })
})

test('ftps/local-file/chunks-are-kept', async (t) => {
  const path = join(await scratchFolder(t), 'a')
  const content = Buffer.alloc(200_000, 'abcdefg')
  await writeFile(path, content)
  const file = await OutgoingFile.open(path)
  const chunks: Uint8Array[] = []
  for await (const chunk of file.chunks()) chunks.push(chunk)
  await file.close()
  t.is(file.size, content.length)
  t.true(content.equals(Buffer.concat(chunks)))
})
