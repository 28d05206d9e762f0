import { awkwardStreams } from '@tlsio/robustness'
import { subject } from './subject.js'

awkwardStreams(subject)
