import type { ExecutionContext } from 'ava'
import type { PathRequest, PathValidatorOptions, PathVerdict } from '#src/path-validation/index.js'
import { PathValidator } from '#src/path-validation/index.js'
import { type Made, NOW } from './certificate-maker.js'

/** A finding in short: rule, position and the last numbers of the extension, if one is to blame. */
export type Short = string

export interface Question extends Omit<PathRequest, 'others'>, PathValidatorOptions {
  readonly leaf: Made
  readonly others?: readonly Made[]
  readonly anchors: readonly Made[]
}

/** Asks a new validator. */
export function ask({ leaf, others = [], anchors, ...rest }: Question): Promise<PathVerdict> {
  const validator = new PathValidator(
    anchors.map(({ der }) => der),
    rest,
  )
  return validator.validate(leaf.der, { time: NOW, ...rest, others: others.map(({ der }) => der) })
}

/** Expects exactly these findings, in any order: "expired 1", "key-usage 0 2.5.29.15". */
export async function expectFindings(
  t: ExecutionContext,
  question: Question,
  ...expected: readonly Short[]
): Promise<PathVerdict> {
  const verdict = await ask(question)
  t.deepEqual(verdict.findings.map(short).sort(), [...expected].sort())
  t.is(
    verdict.flags,
    verdict.findings.reduce((all, { flags }) => all | flags, 0),
  )
  return verdict
}

function short({ rule, position, extension }: PathVerdict['findings'][number]): Short {
  return [rule, position, extension].filter((part) => part !== undefined).join(' ')
}
