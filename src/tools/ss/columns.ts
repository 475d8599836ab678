/** ss's columns: each as wide as its longest text, the last ones only where they are used (`render` in misc/ss.c, not on a terminal). */

interface Column {
  readonly header: string;
  readonly right: boolean;
  /** What parts it from the column before. */
  readonly before: string;
}

const COLUMNS: readonly Column[] = [
  { header: "Netid", right: false, before: "" },
  { header: "State", right: false, before: " " },
  { header: "Recv-Q", right: false, before: " " },
  { header: "Send-Q", right: false, before: " " },
  { header: "Local Address:", right: true, before: " " },
  { header: "Port", right: false, before: "" },
  { header: "Peer Address:", right: true, before: " " },
  { header: "Port", right: false, before: "" },
  { header: "Process", right: false, before: "" },
];

export const NETID = 0, STATE = 1, RECEIVE = 2, SEND = 3, LOCAL = 4, LOCAL_PORT = 5, PEER = 6, PEER_PORT = 7, EXTRA = 8;

/** One socket's texts, by column. */
export type Row = readonly string[];

/** All rows under a header line; `hidden` columns are left out. */
export function render(rows: readonly Row[], hidden: readonly number[], header: boolean): string {
  const shown = COLUMNS.map((_, index) => index).filter((index) => !hidden.includes(index));
  const all = header ? [COLUMNS.map((column) => column.header), ...rows] : rows;
  // The very last text is printed before ss has counted it: it widens its column for nobody (`field_flush`).
  const counted = (index: number): readonly Row[] => index === EXTRA ? all.slice(0, -1) : all;
  const widths = COLUMNS.map((_, index) =>
    counted(index).reduce((width, row) => Math.max(width, row[index].length), 0)
  );
  let text = "";
  for (const row of all) {
    shown.forEach((index, at) => {
      const { right, before } = COLUMNS[index];
      if (at > 0) text += before;
      text += right ? row[index].padStart(widths[index]) : row[index].padEnd(widths[index]);
    });
    text += "\n";
  }
  return text;
}
