import { defineSClientTests } from '@tlsio/real-peers'
import { subject } from './subject.js'

defineSClientTests(subject)
