# curl's errors, redirects, files and variables against a directory served by http.server
$ ip link set lo up
$ mkdir -p www/sub
$ echo "<h1>it works</h1>" > www/index.html
$ echo text > www/sub/a.txt
$ python3 -m http.server -b 127.0.0.1 -d www 8080 > log 2> log2 &
$ sleep 1.5
$ curl -s http://127.0.0.1:8080/
<h1>it works</h1>
$ curl -s http://127.0.0.1:8080/sub
$ curl -sL http://127.0.0.1:8080/sub
<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Directory listing for /sub/</title>
</head>
<body>
<h1>Directory listing for /sub/</h1>
<hr>
<ul>
<li><a href="a.txt">a.txt</a></li>
</ul>
<hr>
</body>
</html>
$ curl -s -w "%{http_code} %{num_redirects} %{url_effective} %{content_type}\n" -L -o /dev/null http://127.0.0.1:8080/sub
200 1 http://127.0.0.1:8080/sub/ text/html; charset=utf-8
$ curl -sSf http://127.0.0.1:8080/missing
curl: (22) The requested URL returned error: 404
[22]
$ curl -s -o /dev/null -w "%{http_code} %{exitcode} %{size_download}\n" http://127.0.0.1:8080/missing
404 0 335
$ curl -sS -d a=b -o /dev/null -w "%{http_code} %{method}\n" http://127.0.0.1:8080/
501 POST
$ curl -s -O http://127.0.0.1:8080/sub/a.txt
$ cat a.txt
text
$ curl -sS http://127.0.0.1:81/
curl: (7) Failed to connect to 127.0.0.1 port 81 after <ms> ms: Couldn't connect to server
[7]
$ curl -sS http://127.0.0.1:8080/[1-
curl: (3) bad range in URL position 26:
http://127.0.0.1:8080/[1-
                         ^
[3]
$ curl -sS ftpx://127.0.0.1/
curl: (1) Protocol "ftpx" not supported or disabled in libcurl
[1]
$ curl --nope
curl: option --nope: is unknown
curl: try 'curl --help' or 'curl --manual' for more information
[2]
$ curl -s -T nofile http://127.0.0.1:8080/
curl: Can't open 'nofile'!
curl: try 'curl --help' or 'curl --manual' for more information
[26]
$ curl -s --resolve web:8080:127.0.0.1 http://web:8080/
<h1>it works</h1>
$ wget -qO- http://127.0.0.1:8080/sub/a.txt
text
$ wget -q http://127.0.0.1:8080/missing
[8]
$ wget http://127.0.0.1:81/ 2>&1 | tail -1
Connecting to 127.0.0.1:81... failed: Connection refused.
