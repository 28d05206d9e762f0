import type * as CoreNode from '@tlsio/core/node'
import type { ConformanceCase } from './conformance-case.js'
import { hasFiles, type TemporaryFolder, withTemporaryFolder } from './temporary-folder.js'

/** A case with files to write, where there are any; it is given the part of core that reads them. */
export function withFiles(
  title: string,
  source: string,
  run: (core: typeof CoreNode, folder: TemporaryFolder) => Promise<void>,
): ConformanceCase {
  return {
    title,
    source,
    requires: () => hasFiles,
    run: () => withTemporaryFolder(async (folder) => run(await load('@tlsio/core/node'), folder)),
  }
}

/** By a name that no bundler sees: where it bundles for there are no files. */
function load(name: string): Promise<typeof CoreNode> {
  return import(name)
}
