/** tcp_info by the names that code in scripts uses: `tcpi_snd_cwnd`. */
import type { TcpInfo } from "../transport/tcp/socket.ts";
import type { Variables } from "./code_expression.ts";

export function infoVariables(info: TcpInfo): Variables {
  const variables: Variables = new Map();
  for (const [name, value] of Object.entries(info)) {
    variables.set("tcpi_" + name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase()), value);
  }
  return variables;
}
