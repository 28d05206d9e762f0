import type { RequirementGroup } from '../requirement.js'
import { applicationDataRequirements } from './application-data.js'
import { backendsRequirements } from './backends.js'
import { certificatesRequirements } from './certificates.js'
import { channelBindingRequirements } from './channel-binding.js'
import { closeRequirements } from './close.js'
import { copyChangesNothingRequirements } from './copy-changes-nothing.js'
import { copySessionStateRequirements } from './copy-session-state.js'
import { databasesRequirements } from './databases.js'
import { databasesOfConnectionsRequirements } from './databases-of-connections.js'
import { dtlsRequirements } from './dtls.js'
import { handshakeRequirements } from './handshake.js'
import { ownCertificateRequirements } from './own-certificate.js'
import { passwordsRequirements } from './passwords.js'
import { sessionResumptionRequirements } from './session-resumption.js'
import { streamsRequirements } from './streams.js'
import { ticketsRequirements } from './tickets.js'
import { verificationRequirements } from './verification.js'

/** In reading order. */
export const requirementGroups: readonly RequirementGroup[] = [
  backendsRequirements,
  certificatesRequirements,
  passwordsRequirements,
  databasesRequirements,
  handshakeRequirements,
  verificationRequirements,
  databasesOfConnectionsRequirements,
  ownCertificateRequirements,
  applicationDataRequirements,
  closeRequirements,
  dtlsRequirements,
  channelBindingRequirements,
  sessionResumptionRequirements,
  copySessionStateRequirements,
  copyChangesNothingRequirements,
  ticketsRequirements,
  streamsRequirements,
]
