/** Most questions in one go. */
const mostAtOnce = 100

interface Waiting<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Asks for many at once where each way costs more than what is asked: whoever comes while an answer is under way waits
 * for it and goes with the next. So every answer is of a time after its question.
 */
export class Together<Question, Answer> {
  readonly #ask: (questions: readonly Question[]) => Promise<readonly Answer[]>
  #waiting: Waiting<Question, Answer>[] = []
  #isAsking = false

  /** `ask` answers all questions in their order. */
  constructor(ask: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#ask = ask
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (!this.#isAsking) void this.#askAll()
    })
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, mostAtOnce)
      try {
        const answers = await this.#ask(some.map(({ question }) => question))
        some.forEach(({ resolve }, i) => {
          resolve(answers[i] as Answer)
        })
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
    this.#isAsking = false
  }
}
