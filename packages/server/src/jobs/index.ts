export { type Job, type Scheduler, type SchedulerOptions, startJobs } from './scheduler.ts'
