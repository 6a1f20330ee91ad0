/** Decisions of all runs within a second; with its part of the run's making one takes some 20 microseconds. */
const DECISIONS_PER_SECOND = 6_000;

/** What running the schedule forward may cost, so that forecasts never crowd out the work itself. */
export class DecisionBudget {
  private second = 0;
  private spent = 0;

  /**
   * @param nowMs wall clock, epoch ms
   * @param cost of what is begun, in decisions; spent where it is allowed
   */
  allows(nowMs: number, cost: number): boolean {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.spent = 0;
    }
    if (this.spent >= DECISIONS_PER_SECOND) return false;
    this.spent += cost;
    return true;
  }

  spend(decisions: number): void {
    this.spent += decisions;
  }
}
