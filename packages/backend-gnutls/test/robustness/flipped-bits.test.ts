import { flippedBits } from '@tlsio/robustness'
import { subject } from './subject.js'

flippedBits(subject)
