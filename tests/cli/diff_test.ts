import { assertEquals } from "@std/assert";
import { unifiedDiff } from "../../src/cli/diff.ts";

Deno.test("equal texts have no diff", () => {
  assertEquals(unifiedDiff("a\nb\n", "a\nb\n", "x", "y"), "");
});

Deno.test("a diff shows three lines around each change", () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
  const after = before.replace("line 4", "LINE 4").replace("line 15\n", "");
  assertEquals(
    unifiedDiff(before, after, "x", "y"),
    `--- x
+++ y
@@ -2,7 +2,7 @@
 line 1
 line 2
 line 3
-line 4
+LINE 4
 line 5
 line 6
 line 7
@@ -13,7 +13,6 @@
 line 12
 line 13
 line 14
-line 15
 line 16
 line 17
 line 18
`,
  );
});
