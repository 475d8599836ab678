/** What `SimpleHTTPRequestHandler` answers with: error pages, directory listings, types of files. */

const EXPLANATIONS: Readonly<Record<number, readonly [reason: string, explanation: string]>> = {
  200: ["OK", "Request fulfilled, document follows"],
  301: ["Moved Permanently", "Object moved permanently -- see URI list"],
  304: ["Not Modified", "Document has not changed since given time"],
  400: ["Bad Request", "Bad request syntax or unsupported method"],
  404: ["Not Found", "Nothing matches the given URI"],
  414: ["Request-URI Too Long", "URI is too long"],
  431: [
    "Request Header Fields Too Large",
    "The server is unwilling to process the request because its header fields are too large",
  ],
  501: ["Not Implemented", "Server does not support this operation"],
  505: ["HTTP Version Not Supported", "Cannot fulfill request"],
};

export function reasonOf(status: number): string {
  return EXPLANATIONS[status]?.[0] ?? "???";
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

export function errorPage(status: number, message: string): string {
  const explanation = EXPLANATIONS[status]?.[1] ?? "???";
  return `<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: ${status}</p>
        <p>Message: ${escapeHtml(message)}.</p>
        <p>Error code explanation: ${status} - ${escapeHtml(explanation)}.</p>
    </body>
</html>
`;
}

/** `urllib.parse.quote` */
function quote(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

export interface Entry {
  readonly name: string;
  readonly directory: boolean;
}

/** The page of a directory; `path` as it stands in the request, decoded. */
export function listing(path: string, entries: readonly Entry[]): string {
  const title = `Directory listing for ${escapeHtml(path)}`;
  const lines = [...entries].sort((a, b) => order(a.name.toLowerCase(), b.name.toLowerCase())).map((entry) => {
    const shown = entry.directory ? `${entry.name}/` : entry.name;
    return `<li><a href="${quote(entry.name)}${entry.directory ? "/" : ""}">${escapeHtml(shown)}</a></li>\n`;
  });
  return `<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
</head>
<body>
<h1>${title}</h1>
<hr>
<ul>
${lines.join("")}</ul>
<hr>
</body>
</html>
`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const TYPES: Readonly<Record<string, string>> = {
  avi: "video/x-msvideo",
  bmp: "image/bmp",
  bz2: "application/x-bzip2",
  c: "text/plain",
  conf: "text/plain",
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  gz: "application/gzip",
  h: "text/plain",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  md: "text/markdown",
  mjs: "application/javascript",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  mpeg: "video/mpeg",
  pdf: "application/pdf",
  png: "image/png",
  py: "text/x-python",
  sh: "application/x-sh",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  txt: "text/plain",
  wasm: "application/wasm",
  wav: "audio/x-wav",
  webm: "video/webm",
  xml: "text/xml",
  xz: "application/x-xz",
  z: "application/octet-stream",
  zip: "application/zip",
};

export function typeOfFile(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1].toLowerCase() ?? "";
  return TYPES[extension] ?? "application/octet-stream";
}
