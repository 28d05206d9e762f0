import { basename } from 'node:path'
import type { FtpsClient } from './client.js'
import { IncomingFile, OutgoingFile } from './local-file.js'
import { showProgress } from './progress.js'

interface List {
  readonly command: 'ls'
  readonly path: string
}

interface Move {
  readonly command: 'get' | 'put'
  readonly local: string
  readonly remote: string
}

/** Something to do over a control connection. */
export type FtpsCommand = List | Move

/** What came of it. */
export type FtpsResult = (List & { readonly list: string }) | (Move & { readonly bytes: number })

/**
 * Understands `ls [FOLDER]`, `get REMOTE [LOCAL]` and `put LOCAL [REMOTE]`, with a `+` between one
 * and the next.
 *
 * @throws Error naming what is wrong.
 */
export function parseCommands(words: readonly string[]): FtpsCommand[] {
  const commands: string[][] = [[]]
  for (const word of words) {
    if (word === '+') commands.push([])
    else commands.at(-1)?.push(word)
  }
  return commands.map(parseCommand)
}

/** Carries a command out. */
export async function execute(
  client: FtpsClient,
  command: FtpsCommand,
  overwrite: boolean,
): Promise<FtpsResult> {
  switch (command.command) {
    case 'ls':
      return { ...command, list: await client.list(command.path) }
    case 'get':
      return { ...command, bytes: await get(client, command.remote, command.local, overwrite) }
    case 'put':
      return { ...command, bytes: await put(client, command.local, command.remote) }
  }
}

function parseCommand([command, first, second, ...more]: readonly string[]): FtpsCommand {
  if (more.length === 0) {
    if (command === 'ls' && second === undefined) return { command, path: first ?? '' }
    if (command === 'get' && first)
      return { command, remote: first, local: second ?? nameOf(first) }
    if (command === 'put' && first)
      return { command, local: first, remote: second ?? nameOf(first) }
  }
  const given = [command, first, second, ...more].filter((word) => word !== undefined).join(' ')
  throw new Error(
    `"${given}" is no command: use ls [FOLDER], get REMOTE [LOCAL] or put LOCAL [REMOTE].`,
  )
}

function nameOf(path: string): string {
  const name = basename(path)
  if (name === '' || name === '.' || name === '..') throw new Error(`"${path}" names no file.`)
  return name
}

async function get(
  client: FtpsClient,
  remote: string,
  local: string,
  overwrite: boolean,
): Promise<number> {
  const file = await IncomingFile.create(local, overwrite)
  try {
    const size = await client.size(remote)
    const progress = showProgress(remote, size)
    const received = await client
      .download(remote, (chunk) => {
        progress.advance(chunk.length)
        return file.write(chunk)
      })
      .finally(() => progress.stop())
    if (size !== undefined && size !== received) {
      throw new Error(`"${remote}" has ${size} bytes, but ${received} came.`)
    }
    await file.complete()
    return received
  } catch (error) {
    await file.discard()
    throw error
  }
}

async function put(client: FtpsClient, local: string, remote: string): Promise<number> {
  const file = await OutgoingFile.open(local)
  const progress = showProgress(local, file.size)
  try {
    return await client.upload(remote, counting(file.chunks(), progress.advance))
  } finally {
    progress.stop()
    await file.close()
  }
}

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk
    count(chunk.length)
  }
}
