/**
 * Writes JSON in which a `bigint` is a decimal string. Looking at every value for one doubles the
 * cost, so a writer begins to look with the first that it meets: keep one for each kind of message.
 */
export class JsonWriter {
  private metBigInt = false;

  /** @throws TypeError for what has no JSON: a circle of references. */
  write(value: unknown): string {
    if (!this.metBigInt) {
      try {
        return JSON.stringify(value);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
    const text = JSON.stringify(value, decimal);
    this.metBigInt = true;
    return text;
  }
}

const decimal = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
