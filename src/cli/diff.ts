/** The unified diff of two texts, as `diff -u` prints it. */

/** Lines around a change. */
const CONTEXT = 3;

type Edit = readonly [mark: " " | "-" | "+", line: string];

/** Lines beyond which only the equal ends are sought, not the shortest edit. */
const EXACT_LIMIT = 4_000_000;

function edits(a: readonly string[], b: readonly string[]): Edit[] {
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left = a.slice(start, a.length - end), right = b.slice(start, b.length - end);
  const result: Edit[] = a.slice(0, start).map((line) => [" ", line]);
  if (left.length * right.length > EXACT_LIMIT) {
    for (const line of left) result.push(["-", line]);
    for (const line of right) result.push(["+", line]);
  } else shortest(left, right, result);
  for (const line of a.slice(a.length - end)) result.push([" ", line]);
  return result;
}

/** By the longest common subsequence. */
function shortest(left: readonly string[], right: readonly string[], result: Edit[]): void {
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i * width + j] = left[i] === right[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  let i = 0, j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      result.push([" ", left[i++]]);
      j++;
    } else if (j >= right.length || (i < left.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      result.push(["-", left[i++]]);
    } else result.push(["+", right[j++]]);
  }
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}

/** "" when the texts are equal. */
export function unifiedDiff(before: string, after: string, nameBefore: string, nameAfter: string): string {
  if (before === after) return "";
  const lines = (text: string): string[] => text.replace(/\n$/, "").split("\n");
  const all = edits(lines(before), lines(after));
  let text = `--- ${nameBefore}\n+++ ${nameAfter}\n`;
  let lineBefore = 1, lineAfter = 1;
  for (let i = 0; i < all.length;) {
    let next = i;
    while (next < all.length && all[next][0] === " ") next++;
    if (next === all.length) break;
    const from = Math.max(i, next - CONTEXT);
    lineBefore += from - i;
    lineAfter += from - i;
    let to = next, last = next;
    while (to < all.length && to - last <= 2 * CONTEXT) if (all[to++][0] !== " ") last = to - 1;
    to = Math.min(all.length, last + CONTEXT + 1);
    const hunk = all.slice(from, to);
    const countBefore = hunk.filter(([mark]) => mark !== "+").length;
    const countAfter = hunk.filter(([mark]) => mark !== "-").length;
    text += `@@ -${range(lineBefore, countBefore)} +${range(lineAfter, countAfter)} @@\n`;
    text += hunk.map(([mark, line]) => `${mark}${line}\n`).join("");
    lineBefore += countBefore;
    lineAfter += countAfter;
    i = to;
  }
  return text;
}
