/** What became of an attempt to deliver a message. */
type Outcome = 'sent' | 'retried' | 'abandoned'

const deliveries = new Map<string, { labels: { template_type: string; outcome: Outcome }; count: number }>()
const failures = new Map<string, { labels: { template_type: string; part: string }; count: number }>()

export function countDelivery(templateType: string, outcome: Outcome): void {
  increment(deliveries, { template_type: templateType, outcome })
}

/** Counts a custom template that failed, so that the built-in one was used. */
export function countTemplateFailure(templateType: string, part: string): void {
  increment(failures, { template_type: templateType, part })
}

/** The attempts of this process to deliver messages. */
export function deliveryCounts() {
  return deliveries.values()
}

/** The custom templates that failed in this process. */
export function templateFailureCounts() {
  return failures.values()
}

/** Template types, parts and outcomes are fixed lists, so that the map is small. */
function increment<L extends object>(counts: Map<string, { labels: L; count: number }>, labels: L): void {
  const key = JSON.stringify(labels)
  const known = counts.get(key) ?? { labels, count: 0 }
  known.count++
  counts.set(key, known)
}
