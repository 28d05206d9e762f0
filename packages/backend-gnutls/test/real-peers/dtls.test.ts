import { defineDtlsTests } from '@tlsio/real-peers'
import { subject } from './subject.js'

defineDtlsTests(subject)
