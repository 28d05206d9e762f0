import type { BackendContext, IoStream, TlsBackend } from '@tlsio/core'

/**
 * Makes a fresh backend that shares nothing with any other, for example `createNodeBackend`. The
 * session store, clock and default database it is given must be the ones it uses.
 */
export type CreateBackend = (context: BackendContext) => TlsBackend

/** What the body of a case may be called with: ava's `t`, node:test's, or nothing. */
export interface TestContext {
  /** Tells ava that a test without assertions of its own has passed. */
  readonly pass?: (() => unknown) | undefined
}

/** The body of one test: rejects if the case fails. */
export type TestBody = (...context: [t?: TestContext]) => Promise<void>

/** A way to add a test: what an adapter makes of a runner's, or any function like it. */
export interface TestFunction {
  (title: string, body: TestBody): unknown
  /** Adds a test that must fail. Without it, the suite turns the outcome around itself. */
  readonly failing?: ((title: string, body: TestBody) => unknown) | undefined
}

/** A kind of stream to run TLS over. */
export interface Transport {
  /** Short name for the titles, for example `tcp`. */
  readonly name: string
  /** Makes two ends of a new stream; what is written to one is read from the other. */
  createPair(): Promise<readonly [client: IoStream, server: IoStream]>
}

/** Options of `conformance`. */
export interface ConformanceOptions {
  /** Adds each case to a test runner. */
  readonly test: TestFunction
  /** Makes the backend whose clients are examined. */
  readonly createBackend: CreateBackend
  /** Makes the backend whose servers they speak to. Default: `createBackend`. */
  readonly createPeer?: CreateBackend | undefined
  /**
   * Cases known to fail, and why: the title of a case, with or without the backends and version in
   * front, or the first parts of one. They are run, and one that passes is a failure.
   */
  readonly expectedFailures?: Readonly<Record<string, string>> | undefined
  /** Which cases to add, by their whole title. Default: all. */
  readonly filter?: ((title: string) => boolean) | undefined
  /** What to run TLS over. Default: memory. */
  readonly transport?: Transport | undefined
  /**
   * How long a single step of a case may take, in milliseconds; a whole case three times that.
   * Default: 10,000, far more than any needs, so that only what hangs is late.
   */
  readonly patience?: number | undefined
}
