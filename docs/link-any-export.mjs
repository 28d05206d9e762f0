import { ReflectionKind } from 'typedoc'

/**
 * Lets a doc comment link to an export of any entry point by its bare name: `{@link TlsError}` in
 * `./di` finds the one of `@tlsio/core`. A name that no entry point exports, or two of them, stays
 * an invalid link and fails the build.
 *
 * @param {import('typedoc').Application} app
 */
export function load(app) {
  app.converter.addUnknownSymbolResolver((reference, from) => {
    const path = reference.symbolReference?.path
    const name = path?.[0]?.path
    if (name === undefined || reference.moduleSource !== undefined) return undefined
    const found = from.project
      .getReflectionsByKind(ReflectionKind.SomeExport)
      .filter((reflection) => reflection.name === name && !reflection.isReference())
    if (found.length !== 1) return undefined
    const target = path.slice(1).reduce((at, part) => at?.getChildByName([part.path]), found[0])
    return target && { target }
  })
}
