import { alerts, awkwardStreams, flippedBits, fuzz } from '@tlsio/robustness'
import { webcryptoSubject } from './subject.js'

alerts(webcryptoSubject)
awkwardStreams(webcryptoSubject)
// Its handshake is the other's: only records differ, and those are all shown.
flippedBits(webcryptoSubject, 11)
fuzz(webcryptoSubject, 500)
