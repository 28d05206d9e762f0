/**
 * Real programs as peers: each is started for a test and ends with it, and a test whose program is
 * missing is skipped, visibly. What is asked of every peer is asked here; what is peculiar to one
 * stands in the test file about it.
 */
export { Child, type ChildOptions, type Command, type Scope } from './child.js'
export { ask, Client, only, readToEnd, serverIdentity } from './client.js'
export { defineDtlsTests } from './dtls-tests.js'
export { defineEndingTests, defineTruncationTests } from './endings.js'
export {
  gnutlsCli,
  gnutlsCliPrograms,
  gnutlsServ,
  gnutlsServPrograms,
  gnutlsServWords,
  nameInGnutls,
  onlyForGnutls,
} from './gnutls.js'
export { defineGnutlsCliTests } from './gnutls-cli-tests.js'
export { defineGnutlsServTests } from './gnutls-serv-tests.js'
export {
  ocspResponse,
  onlyForOpenssl,
  opensslPrograms,
  sClient,
  sClientWords,
  sServer,
} from './openssl.js'
export { type OurServer, type OurServerOptions, type Served, startOurServer } from './our-server.js'
export { type Peer, type Place, type Recipe, scratchFolder, startPeer } from './peer.js'
export { type DefineTest, findProgram, type ServerProgram, testsWith } from './programs.js'
export { startOnTerminal, terminalPrograms } from './pseudo-terminal.js'
export {
  defineNeverResumesTest,
  defineResumptionTests,
  type Never,
  type StartWitness,
  visit,
  type Witness,
} from './resumption.js'
export { defineSClientTests } from './s-client-tests.js'
export { defineSServerTests } from './s-server-tests.js'
export type { Subject } from './subject.js'
