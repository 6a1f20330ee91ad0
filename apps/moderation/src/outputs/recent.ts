/** Keeps the values used most recently; a Map remembers the order in which keys were put. */
export class Recent<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly capacity: number) {}

  get(key: string): Value | undefined {
    const value = this.values.get(key);
    if (value !== undefined) this.put(key, value);
    return value;
  }

  put(key: string, value: Value): void {
    this.values.delete(key);
    this.values.set(key, value);
    const oldest = this.values.keys().next();
    if (this.values.size > this.capacity && !oldest.done) this.values.delete(oldest.value);
  }

  get size(): number {
    return this.values.size;
  }
}
