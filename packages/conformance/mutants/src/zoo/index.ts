import type { Mutant } from '../mutant.js'
import { acceptCertificateMutants } from './accept-certificate.js'
import { alpnMutants } from './alpn.js'
import { applicationDataMutants } from './application-data.js'
import { backendsMutants } from './backends.js'
import { certificatesMutants } from './certificates.js'
import { channelBindingMutants } from './channel-binding.js'
import { closeMutants } from './close.js'
import { copyChangesNothingMutants } from './copy-changes-nothing.js'
import { copyIsHarmlessMutants } from './copy-is-harmless.js'
import { copySessionStateMutants } from './copy-session-state.js'
import { databasesMutants } from './databases.js'
import { dtlsMutants } from './dtls.js'
import { endOfStreamMutants } from './end-of-stream.js'
import { failedHandshakesMutants } from './failed-handshakes.js'
import { halfCloseMutants } from './half-close.js'
import { handshakeMutants } from './handshake.js'
import { identityMutants } from './identity.js'
import { interactionMutants } from './interaction.js'
import { ocspStaplingMutants } from './ocsp-stapling.js'
import { ownCertificateMutants } from './own-certificate.js'
import { passwordsMutants } from './passwords.js'
import { pkcs12Mutants } from './pkcs12.js'
import { resumptionOverStreamsMutants } from './resumption-over-streams.js'
import { resumptionSafetyMutants } from './resumption-safety.js'
import { retriesAndKeyUpdatesMutants } from './retries-and-key-updates.js'
import { serverNameMutants } from './server-name.js'
import { sessionResumptionMutants } from './session-resumption.js'
import { sessionStoresMutants } from './session-stores.js'
import { sessionsMutants } from './sessions.js'
import { settingsMutants } from './settings.js'
import { ticketsMutants } from './tickets.js'
import { upgradesMutants } from './upgrades.js'
import { verificationMutants } from './verification.js'

/** All of them, in the order of the requirements. */
export const mutants: readonly Mutant[] = [
  ...backendsMutants,
  ...certificatesMutants,
  ...pkcs12Mutants,
  ...passwordsMutants,
  ...databasesMutants,
  ...settingsMutants,
  ...handshakeMutants,
  ...upgradesMutants,
  ...failedHandshakesMutants,
  ...retriesAndKeyUpdatesMutants,
  ...serverNameMutants,
  ...alpnMutants,
  ...identityMutants,
  ...verificationMutants,
  ...acceptCertificateMutants,
  ...ocspStaplingMutants,
  ...ownCertificateMutants,
  ...interactionMutants,
  ...applicationDataMutants,
  ...closeMutants,
  ...endOfStreamMutants,
  ...halfCloseMutants,
  ...dtlsMutants,
  ...channelBindingMutants,
  ...sessionResumptionMutants,
  ...sessionStoresMutants,
  ...resumptionSafetyMutants,
  ...resumptionOverStreamsMutants,
  ...sessionsMutants,
  ...ticketsMutants,
  ...copySessionStateMutants,
  ...copyIsHarmlessMutants,
  ...copyChangesNothingMutants,
]
