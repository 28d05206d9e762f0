/**
 * The command line of tlsio as a function, and the documents that `--json` prints.
 *
 * @module @tlsio/cli
 */
export type {
  AlternativeName,
  CertificateExtension,
  CertificateReport,
  ChainReport,
  ChainSource,
  CheckFinding,
  EngineOpinion,
  ExtensionName,
  FileSource,
  JudgedBy,
  PeerSource,
  PublicKeyReport,
  TrustReport,
} from './cert/chain-report.js'
export { type CliEnvironment, type CliOutput, type ExitStatus, runCli } from './cli.js'
