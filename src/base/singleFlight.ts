/** Runs work with the same key only once at a time: calls in the meantime share its result. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** @param onDidChange called when work begins or ends */
  constructor(private readonly onDidChange: () => void) {}

  has(key: string): boolean {
    return this.flights.has(key);
  }

  run(key: string, work: () => Promise<T>): Promise<T> {
    const underWay = this.flights.get(key);
    if (underWay) return underWay;
    const flight = work().finally(() => {
      this.flights.delete(key);
      this.onDidChange();
    });
    this.flights.set(key, flight);
    this.onDidChange();
    return flight;
  }
}
