/** Protocols that are lines of text: HTTP, FTP, SMTP, RTSP. */
import type { Dissector } from "./dissector.ts";

const HTTP =
  "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL";
const FTP =
  "ACCT APPE CWD DELE EPRT EPSV HELP LIST LPRT LPSV MDTM MKD MLSD MLST MODE NLST NOOP PASS PASV PORT PWD QUIT REIN RETR RMD RNFR RNTO SIZE STAT STOR STOU SYST TYPE USER";
const SMTP = "DATA EHLO EXPN HELO HELP MAIL NOOP QUIT RCPT RSET VRFY";
const RTSP = "ANNOUNCE DESCRIBE GET_PARAMETER OPTIONS PAUSE PLAY RECORD REDIRECT SET_PARAMETER SETUP TEARDOWN";

const COMMANDS: Readonly<Record<string, ReadonlySet<string>>> = {
  http: new Set(HTTP.split(" ")),
  ftp: new Set(FTP.split(" ")),
  smtp: new Set(SMTP.split(" ")),
  rtsp: new Set(RTSP.split(" ")),
};
/** In these a response has its code in the second word, in the others in the first. */
const CODE_SECOND = ["http", "rtsp"];

/** Octets of the word at `at` and of what follows it, as far as both go within `end`. */
function word(dissector: Dissector, at: number, end: number): { text: string; next: number } {
  const isSpace = (octet: number): boolean => octet === 32 || (octet >= 9 && octet <= 13);
  let text = "";
  let next = at;
  while (next < end && !isSpace(dissector.bytes[next])) text += String.fromCharCode(dissector.bytes[next++]);
  while (next < end && isSpace(dissector.bytes[next]) && dissector.bytes[next] !== 13 && dissector.bytes[next] !== 10) {
    next++;
  }
  return { text, next };
}

/** Where the line after the one at `at` begins, or -1 when the line does not end here or is no text. Prints it after `before`. */
function printLine(dissector: Dissector, before: string, at: number, end: number): number {
  const start = at;
  while (at < end) {
    if (at >= dissector.end) {
      dissector.print(`${before}${dissector.safe(start, at - start)}`);
      dissector.truncated();
      return -1;
    }
    const octet = dissector.bytes[at++];
    if (octet === 10) {
      dissector.print(before + dissector.safe(start, at - 1 - start));
      return at;
    }
    if (octet === 13) {
      if (at < end && at < dissector.end && dissector.bytes[at] === 10) {
        dissector.print(before + dissector.safe(start, at - 1 - start));
        return at + 1;
      }
      return -1;
    }
    const printable = octet >= 32 && octet < 127;
    if (!printable && octet !== 9) return -1;
  }
  dissector.print(before + dissector.safe(start, at - start));
  return -1;
}

export function printTextProtocol(dissector: Dissector, at: number, length: number, name: string): void {
  dissector.protocol = name;
  const end = at + length;
  const captured = Math.min(end, dissector.end);
  const first = word(dissector, at, captured);
  let isMessage = COMMANDS[name].has(first.text.toUpperCase());
  if (!isMessage) {
    const code = CODE_SECOND.includes(name) ? word(dissector, first.next, captured).text : first.text;
    isMessage = /^\d{3}(-.*)?$/.test(code) || (name !== "http" && name !== "rtsp" && /^\d{3}/.test(code));
  }
  dissector.print(name.toUpperCase());
  if (!isMessage) {
    return;
  }
  if (dissector.options.verbose === 0) {
    printLine(dissector, ": ", at, end);
    return;
  }
  dissector.print(`, length: ${length}`);
  for (let next = at; next < end && next >= 0;) next = printLine(dissector, "\n\t", next, end);
}
