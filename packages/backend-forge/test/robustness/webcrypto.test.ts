import { alerts, awkwardStreams, flippedBits, fuzz } from '@tlsio/robustness'
import { webcryptoSubject } from './subject.js'

alerts(webcryptoSubject)
awkwardStreams(webcryptoSubject)
flippedBits(webcryptoSubject)
fuzz(webcryptoSubject, 500)
