/** Answers that are worked on in one turn of the event loop. */
const atOnce = 8;

/**
 * Hands answers over a few at a time. undici writes requests at the end of a turn: were all answers of a turn worked on in it, connections that are free
 * again would wait for that, and requests would go out in bursts with nothing under way between them (measured: 17 % fewer accounts a second).
 */
export class HandOver {
  private readonly answers: (() => void)[] = [];
  private isDue = false;

  push(answer: () => void): void {
    this.answers.push(answer);
    if (!this.isDue) this.later();
  }

  private later(): void {
    this.isDue = true;
    setImmediate(() => {
      for (const answer of this.answers.splice(0, atOnce)) answer();
      this.isDue = false;
      if (this.answers.length > 0) this.later();
    });
  }
}
