const maxBatchSize = 100

interface Waiting<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches questions where a round trip costs more than the question: those that come while a batch is being answered
 * wait and go with the next one. So every answer is from a time after its question.
 */
export class Batcher<Question, Answer> {
  readonly #answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>
  #waiting: Waiting<Question, Answer>[] = []
  #isBusy = false

  /** `answerAll` answers all questions in their order. */
  constructor(answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#answerAll = answerAll
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (!this.#isBusy) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatchSize)
      try {
        const answers = await this.#answerAll(batch.map(({ question }) => question))
        batch.forEach(({ resolve }, i) => {
          resolve(answers[i] as Answer)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#isBusy = false
  }
}
