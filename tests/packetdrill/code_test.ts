import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { runCode } from "../../src/packetdrill/code.ts";
import { CodeError, type Variables } from "../../src/packetdrill/code_expression.ts";
import { Random } from "../../src/time/random.ts";

const variables = (): Variables => new Map([["tcpi_snd_cwnd", 10], ["tcpi_state", 1], ["TCP_ESTABLISHED", 1]]);
const run = (text: string): string[] => {
  const printed: string[] = [];
  runCode(text, variables(), (line) => printed.push(line));
  return printed;
};

Deno.test("assertions that hold pass", () => {
  run("assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd");
  run("assert 8 <= tcpi_snd_cwnd < 12 and not tcpi_state != TCP_ESTABLISHED");
  run("x = tcpi_snd_cwnd * 2\nassert x == 20 and (x % 7 == 6); assert (x & 4) == 4 # yes");
  run("assert abs(-3) == 3 and min(1, 2) == 1 and -7 // 2 == -4");
});

Deno.test("an assertion that does not hold ends with Python's last line", () => {
  const message = (text: string) => assertThrows(() => run(text), CodeError).message;
  assertEquals(message("assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd"), "AssertionError: 10");
  assertEquals(message("assert False"), "AssertionError");
  assertEquals(message("assert tcpi_nothing == 1"), "NameError: name 'tcpi_nothing' is not defined");
  assertEquals(message("assert 1 / 0"), "ZeroDivisionError: division by zero");
});

Deno.test("print prints", () => {
  assertEquals(run('print("cwnd", tcpi_snd_cwnd)'), ["cwnd 10"]);
});

Deno.test("any text runs or throws a CodeError", () => {
  const random = new Random("code");
  const pieces =
    "assert print ( ) , == = < + - * / // ** ~ not and or if else x tcpi_state 1 0 1.5 'a' \"b\" & | << % ; \n True None [ {"
      .split(" ");
  for (let i = 0; i < 3000; i++) {
    let text = "";
    for (let n = random.below(12); n >= 0; n--) text += pieces[random.below(pieces.length)] + " ";
    try {
      run(text);
    } catch (error) {
      assertInstanceOf(error, CodeError, text);
    }
  }
});
