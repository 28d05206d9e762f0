import { leaks } from '@tlsio/robustness'
import { subject } from './subject.js'

leaks(subject, new URL('./subject.js', import.meta.url))
