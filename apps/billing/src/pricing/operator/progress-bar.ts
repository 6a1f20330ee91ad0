const WIDTH = 30;

/** Where a bar is drawn: standard error, so that what is piped on stays clean. */
interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Draws how far a long task is; a line for each tenth where lines cannot be drawn over. */
export function progressBar(screen: Screen): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
    const step = screen.isTTY === true ? percent : percent - (percent % 10);
    if (step === shown) return;
    shown = step;
    const filled = Math.floor((percent * WIDTH) / 100);
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent} %, ${done} of ${total}`;
    if (screen.isTTY !== true) screen.write(`${bar}\n`);
    else screen.write(`\r${bar}${done >= total ? '\n' : ''}`);
  };
}
