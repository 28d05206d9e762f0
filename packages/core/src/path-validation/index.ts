export type { PathProfile, PathPurpose } from './certificate-rules.js'
export type { PathFinding, PathRule } from './finding.js'
export {
  type PathRequest,
  PathValidator,
  type PathValidatorOptions,
  type PathVerdict,
} from './path-validator.js'
export { RevocationList } from './revocation.js'
