import { fuzz } from '@tlsio/robustness'
import { subject } from './subject.js'

fuzz(subject, 5000)
