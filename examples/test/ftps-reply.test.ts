import { IoError, memoryStreamPair } from '@tlsio/core'
import test from 'ava'
import { LineReader } from '#src/ftps/line-reader.js'
import { extendedPassivePort, passivePort } from '#src/ftps/passive-port.js'
import { FtpError, type FtpReply, readReply } from '#src/ftps/reply.js'

test('ftps/reply/one-line', async (t) => {
  t.deepEqual(await replies('220 Ready\r\n'), [{ code: 220, text: '220 Ready' }])
})

test('ftps/reply/several-lines-end-with-their-code', async (t) => {
  const text = '230-Welcome\n 230 is not the end\n220 neither\n230-\n230 End'
  t.deepEqual(await replies(`${text.replaceAll('\n', '\r\n')}\r\n200 OK\r\n`), [
    { code: 230, text },
    { code: 200, text: '200 OK' },
  ])
})

test('ftps/reply/bytes-one-by-one', async (t) => {
  const text = '211-Features:\r\n UTF8 ü\r\n211 End\r\n'
  t.deepEqual(await replies(text, 1), [{ code: 211, text: '211-Features:\n UTF8 ü\n211 End' }])
})

test('ftps/reply/no-reply', async (t) => {
  for (const text of ['HTTP/1.1 400 Bad Request\r\n', '2200 Ready\r\n', '\r\n', '620 Six\r\n']) {
    await t.throwsAsync(replies(text), { instanceOf: IoError, code: 'IO_FAILED' }, text)
  }
})

test('ftps/reply/cut-off', async (t) => {
  for (const text of ['220 Rea', '220-Ready\r\n', '220-Ready\r\n220 En']) {
    await t.throwsAsync(replies(text), { instanceOf: IoError, code: 'IO_BROKEN_PIPE' }, text)
  }
})

test('ftps/reply/without-end', async (t) => {
  const options = { instanceOf: IoError, code: 'IO_FAILED' }
  await t.throwsAsync(replies(`220 ${'x'.repeat(10_000)}`), options)
  await t.throwsAsync(replies(`220 ${'x'.repeat(10_000)}\r\n`), options)
  await t.throwsAsync(replies('220-x\r\n'.repeat(2000)), options)
})

test('ftps/reply/message-has-no-control-characters', (t) => {
  const error = new FtpError('LIST', { code: 550, text: '550-\u001b[2JNo\r\n550 End\u0007' })
  t.is(error.message, 'The server answered LIST with "550-?[2JNo 550 End?".')
})

test('ftps/passive-port/epsv', (t) => {
  t.is(extendedPassivePort('229 Entering Extended Passive Mode (|||6446|)'), 6446)
  t.is(extendedPassivePort('229 Any delimiter (!!!65535!)'), 65535)
  for (const reply of [
    '229 OK',
    '229 (|||0|)',
    '229 (|||65536|)',
    '229 (||6446|)',
    '229 (|!|1|)',
  ]) {
    t.throws(() => extendedPassivePort(reply), { instanceOf: IoError }, reply)
  }
})

test('ftps/passive-port/pasv', (t) => {
  t.is(passivePort('227 Entering Passive Mode (10,0,0,1,25,46).'), 6446)
  t.is(passivePort('227 =10,0,0,1,255,255'), 65535)
  for (const reply of [
    '227 OK',
    '227 (10,0,0,1,256,1)',
    '227 (10,0,0,1,0,0)',
    '227 (10,0,0,1,2)',
  ]) {
    t.throws(() => passivePort(reply), { instanceOf: IoError }, reply)
  }
})

/** The replies in `text`, sent in pieces of `length` bytes. */
async function replies(text: string, length = 65536): Promise<FtpReply[]> {
  const [client, server] = memoryStreamPair()
  const bytes = new TextEncoder().encode(text)
  const send = async () => {
    for (let at = 0; at < bytes.length; at += length)
      await server.write(bytes.subarray(at, at + length))
    await server.closeWrite()
  }
  const read = async () => {
    const lines = new LineReader(client)
    const found = [await readReply(lines)]
    while (!lines.isEmpty) found.push(await readReply(lines))
    return found
  }
  const [found] = await Promise.all([read(), send()])
  return found
}
