import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { TlsPassword, TlsPasswordFlags } from '@tlsio/core'
import { TerminalInteraction } from '@tlsio/core/node'
import anyTest from 'ava'

// Questions are asked one after the other, whoever asks.
const test = anyTest.serial

/** A terminal without a kernel: what is typed goes in, what is shown can be read. */
class FakeTerminal {
  readonly modes: boolean[] = []
  readonly output = new PassThrough()
  readonly input: PassThrough & {
    isTTY: boolean
    isRaw: boolean
    setRawMode: (raw: boolean) => void
  }
  shown = ''

  constructor() {
    const input = new PassThrough()
    this.input = Object.assign(input, {
      isTTY: true,
      isRaw: false,
      setRawMode: (raw: boolean) => {
        this.input.isRaw = raw
        this.modes.push(raw)
      },
    })
    this.output.setEncoding('utf8').on('data', (text: string) => {
      this.shown += text
    })
  }

  /** Asks, and types that once the question is there. */
  async ask(typed: string | Uint8Array, options: { readonly description?: string } = {}) {
    const password = new TlsPassword({ description: 'The key of a test', ...options })
    const asking = this.start(password)
    await this.isAsked()
    this.input.write(typed)
    const result = await asking
    return { result, text: Buffer.from(password.value ?? []).toString() }
  }

  start(password: TlsPassword, signal?: AbortSignal) {
    return new TerminalInteraction(this).askPassword(password, { signal })
  }

  /** Until a question is on the screen that was not answered yet. */
  async isAsked(): Promise<void> {
    while (!this.shown.endsWith(': ')) await once(this.output, 'data')
  }
}

const secret = 'pä$$ wörd'

test('terminal-interaction/asks-and-shows-nothing', async (t) => {
  const terminal = new FakeTerminal()
  t.deepEqual(await terminal.ask(`${secret}\r`), { result: 'handled', text: secret })
  t.is(terminal.shown, 'The key of a test\nPassword: \n')
  t.deepEqual(terminal.modes, [true, false])
  t.false(terminal.input.readableFlowing)
})

test('terminal-interaction/says-what-was-wrong', async (t) => {
  const flags = TlsPasswordFlags.RETRY | TlsPasswordFlags.PKCS11_USER
  const terminal = new FakeTerminal()
  const password = new TlsPassword({ flags, description: 'A token' })
  const asking = terminal.start(password)
  await terminal.isAsked()
  t.is(terminal.shown, `A token\n${password.warning}\nPIN: `)
  terminal.input.write('1\n')
  await asking
  const bare = new FakeTerminal()
  await bare.ask('1\n', { description: '' })
  t.is(bare.shown, 'Password: \n')
})

test('terminal-interaction/escapes-what-would-drive-the-terminal', async (t) => {
  const terminal = new FakeTerminal()
  await terminal.ask('x\r', { description: 'a\u001b[2Jb\r\nc\u202ed\ud800\u009b1A\u2028é 🔑' })
  const [line] = terminal.shown.split('\n')
  t.is(line, 'a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{202e}d\\u{d800}\\u{9b}1A\\u{2028}é 🔑')
})

test('terminal-interaction/a-chunk-at-a-time', async (t) => {
  const terminal = new FakeTerminal()
  const password = new TlsPassword()
  const asking = terminal.start(password)
  await terminal.isAsked()
  for (const byte of Buffer.from(`x\u007f${secret}\n`)) terminal.input.write(Uint8Array.of(byte))
  t.is(await asking, 'handled')
  t.is(Buffer.from(password.value ?? []).toString(), secret)
})

test('terminal-interaction/what-was-typed-is-erased', async (t) => {
  const terminal = new FakeTerminal()
  const typed = Buffer.from(`${secret}\r`)
  await terminal.ask(typed)
  t.true(typed.every((byte) => byte === 0))
})

test('terminal-interaction/rest-of-a-paste-is-dropped', async (t) => {
  const terminal = new FakeTerminal()
  t.is((await terminal.ask('one\ntwo\nthree')).text, 'one')
  t.is((await terminal.ask('four\n')).text, 'four')
})

test('terminal-interaction/text-as-well-as-bytes', async (t) => {
  const terminal = new FakeTerminal()
  terminal.input.setEncoding('utf8')
  t.is((await terminal.ask(`${secret}\r`)).text, secret)
})

test('terminal-interaction/an-empty-line-is-a-password', async (t) => {
  const terminal = new FakeTerminal()
  const password = new TlsPassword()
  const asking = terminal.start(password)
  await terminal.isAsked()
  terminal.input.write('\r')
  t.is(await asking, 'handled')
  t.is(password.value?.length, 0)
})

test('terminal-interaction/who-gives-up-has-aborted', async (t) => {
  for (const key of ['abc\u0003', '\u0004', 'abc\u0015\u0004']) {
    const terminal = new FakeTerminal()
    await t.throwsAsync(terminal.ask(key), { any: true, name: 'AbortError' })
    t.deepEqual(terminal.modes, [true, false])
    t.true(terminal.shown.endsWith('\n'))
  }
})

test('terminal-interaction/end-of-a-line-with-something-in-it', async (t) => {
  t.is((await new FakeTerminal().ask('abc\u0004')).text, 'abc')
})

test('terminal-interaction/abort-while-somebody-is-asked', async (t) => {
  const terminal = new FakeTerminal()
  const controller = new AbortController()
  const reason = new Error('No longer wanted.')
  const password = new TlsPassword()
  const asking = terminal.start(password, controller.signal)
  await terminal.isAsked()
  terminal.input.write('abc')
  controller.abort(reason)
  t.deepEqual(terminal.modes, [true, false], 'Before anybody hears of it.')
  t.is(await t.throwsAsync(asking), reason)
  t.is(password.value, null)
  t.is((await terminal.ask('next\n')).text, 'next')
})

test('terminal-interaction/abort-before-it-asks', async (t) => {
  const terminal = new FakeTerminal()
  const reason = new Error('No longer wanted.')
  const asking = terminal.start(new TlsPassword(), AbortSignal.abort(reason))
  t.is(await t.throwsAsync(asking), reason)
  t.deepEqual(terminal.modes, [])
  t.is(terminal.shown, '')
})

test('terminal-interaction/one-question-at-a-time', async (t) => {
  const terminal = new FakeTerminal()
  const controller = new AbortController()
  const reason = new Error('No longer wanted.')
  const [first, last] = [new TlsPassword(), new TlsPassword()]
  const asking = terminal.start(first)
  const second = terminal.start(new TlsPassword(), controller.signal)
  const third = terminal.start(last)
  await terminal.isAsked()
  controller.abort(reason)
  t.is(await t.throwsAsync(second), reason, 'Whose turn has not come need not wait for it.')
  t.is(terminal.shown, 'Password: ')
  terminal.input.write('one\r')
  t.is(await asking, 'handled')
  await terminal.isAsked()
  terminal.input.write('two\r')
  t.is(await third, 'handled')
  t.is(terminal.shown, 'Password: \nPassword: \n')
  t.is(Buffer.from(last.value ?? []).toString(), 'two')
})

test('terminal-interaction/terminal-that-goes-away', async (t) => {
  const failure = new Error('read EIO')
  const ways: [leave: (terminal: FakeTerminal) => void, code: string][] = [
    [({ input }) => input.end(), 'IO_BROKEN_PIPE'],
    [({ input }) => input.destroy(), 'IO_BROKEN_PIPE'],
    [({ input }) => input.destroy(failure), 'IO_FAILED'],
    [({ output }) => output.destroy(failure), 'IO_FAILED'],
  ]
  for (const [leave, code] of ways) {
    const terminal = new FakeTerminal()
    const asking = terminal.start(new TlsPassword())
    await terminal.isAsked()
    leave(terminal)
    await t.throwsAsync(asking, { code })
    t.deepEqual(terminal.modes, [true, false])
  }
  const gone = new FakeTerminal()
  gone.input.destroy()
  await t.throwsAsync(gone.start(new TlsPassword()), { code: 'IO_BROKEN_PIPE' })
  t.is(gone.input.isRaw, false)
})

test('terminal-interaction/line-without-end', async (t) => {
  const terminal = new FakeTerminal()
  await t.throwsAsync(terminal.ask('x'.repeat(4097)), { code: 'IO_FAILED' })
  t.deepEqual(terminal.modes, [true, false])
  t.is((await terminal.ask(`${'x'.repeat(4096)}\r`)).text.length, 4096)
})

test('terminal-interaction/mode-as-it-was', async (t) => {
  const terminal = new FakeTerminal()
  terminal.input.isRaw = true
  terminal.input.resume()
  await terminal.ask('x\r')
  t.deepEqual(terminal.modes, [true, true])
  t.true(terminal.input.readableFlowing)
})

test('terminal-interaction/mode-is-back-when-the-process-exits', async (t) => {
  const terminal = new FakeTerminal()
  const before = process.listeners('exit')
  const controller = new AbortController()
  const asking = terminal.start(new TlsPassword(), controller.signal)
  await terminal.isAsked()
  const added = process.listeners('exit').filter((listener) => !before.includes(listener))
  t.is(added.length, 1)
  added[0]?.(0)
  t.deepEqual(terminal.modes, [true, false])
  controller.abort()
  await t.throwsAsync(asking, { any: true })
  t.deepEqual(terminal.modes, [true, false], 'Once is enough.')
})

test('terminal-interaction/leaves-no-listener', async (t) => {
  const terminal = new FakeTerminal()
  const { input, output } = terminal
  const count = () =>
    [input, output].flatMap((stream) =>
      stream.eventNames().map((name) => stream.listenerCount(name)),
    )
  const before = count()
  const exits = process.listenerCount('exit')
  await terminal.ask('x\r')
  await t.throwsAsync(terminal.ask('\u0003'), { any: true })
  t.deepEqual(count(), before)
  t.is(process.listenerCount('exit'), exits)
})

test('terminal-interaction/no-terminal-no-question', async (t) => {
  const input = new PassThrough()
  const output = new PassThrough()
  const password = new TlsPassword()
  const interaction = new TerminalInteraction({ input, output })
  t.is(await interaction.askPassword(password), 'unhandled')
  t.is(output.readableLength, 0)
})
