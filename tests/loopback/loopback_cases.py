"""The cases of the loopback web: what a link says, what is there, and what a person with a browser would call it.

In paths, headers and bodies HOST is the case's own host and OTHER a second one. A key "/path" is on HOST by http and
https alike; "other:/path" is on OTHER.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import brotli
from loopback_server import Answer, Asked, Handler

Route = Answer | tuple[Answer, ...] | Handler


@dataclass(frozen=True)
class Case:
    title: str
    link: str
    verdict: str
    reason: str | None = None
    routes: Mapping[str, Route] = field(default_factory=dict)
    final: str | None = None
    place: str | None = None  # a certificate's name, "refused", "private", "plain" (no TLS at port 443)
    check: Callable[[list[Asked]], bool] | None = None  # of the requests that HOST and OTHER got


CASES: list[Case] = []

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n<h1 id='setup'> \r\n0\r\n"
)


def case(
    title: str,
    link: str,
    verdict: str,
    reason: str | None = None,
    routes: Mapping[str, Route] | Route | None = None,
    *,
    final: str | None = None,
    place: str | None = None,
    check: Callable[[list[Asked]], bool] | None = None,
) -> None:
    if link.startswith("/"):
        link = f"http://HOST{link}"
    if routes is None:
        routes = {}
    elif not isinstance(routes, Mapping):
        routes = {"/p": routes}
    CASES.append(Case(title, link, verdict, reason, routes, final, place, check))


def page(body: str = "", **kwargs: object) -> Answer:
    words = "<p>" + "Many words of a chapter that a person has written. " * 8
    return Answer(body=f"<!DOCTYPE html><title>t</title>{body}{words}", **kwargs)  # type: ignore[arg-type]


def to(status: int, location: str, *more: tuple[str, str], body: str = "moved") -> Answer:
    return Answer(status=status, headers=(("Location", location), *more), body=body)


def stored_brotli(data: bytes) -> bytes:
    """A brotli stream of one uncompressed block (RFC 7932, 9.2)."""
    return ((len(data) - 1) << 4 | 1 << 20).to_bytes(3, "little") + data + b"\x03"


async def endless(writer: asyncio.StreamWriter, chunk: bytes) -> None:
    while True:
        writer.write(chunk)
        await writer.drain()


async def stall(writer: asyncio.StreamWriter, begun: bytes) -> None:
    writer.write(begun)
    await writer.drain()
    await asyncio.sleep(120)


async def slow_page(writer: asyncio.StreamWriter) -> None:
    for i in range(20):
        writer.write(b"<p>part %d</p>" % i)
        await writer.drain()
        await asyncio.sleep(0.01)
    writer.write(b'<p id="late">')
    await writer.drain()


OK = page('<h1 id="setup">Setup</h1>')

# --- statuses
case("a plain page", "/p", "ok", None, OK)
case("one GET, and no HEAD lies", "/p", "ok", None, OK, check=lambda asked: len(asked) == 1)
case("the root without a slash", "http://HOST", "ok", None, {"/": OK})
case("204 without content", "/p", "ok", None, Answer(204, b""))
case("206 unasked", "/p", "ok", None, Answer(206))
case("200 and an empty body", "/p", "ok", None, Answer(200, b""))
case("a page without a type", "/p", "ok", None, Answer(type=None))
for status in (400, 404, 410, 403, 405, 406, 409, 411, 413, 414, 422, 451, 501):
    case(f"{status}", "/p", "broken", "status", Answer(status, "<h1>No</h1>"))
case("404 with a large page", "/p", "broken", "status", Answer(404, b"x" * 300_000))
case("404 for the fragment's page too", "/p#setup", "broken", "status", Answer(404, '<h1 id="setup">no</h1>'))
for status in (401, 402):
    case(f"{status} asks to log in", "/p", "unknown", "login", Answer(status))
for status in (500, 502, 503, 504, 520, 522, 530):
    case(f"{status} that lasts", "/p", "unknown", "server-error", Answer(status))
for status in (500, 502, 503, 504, 408, 425):
    case(f"{status} that passes", "/p", "ok", None, (Answer(status), OK))
case("503 twice, then the page", "/p", "ok", None, (Answer(503), Answer(503), OK))
case("503 with Retry-After, then the page", "/p", "ok", None, (Answer(503, headers=(("Retry-After", "20"),)), OK))
case("505", "/p", "broken", "status", Answer(505))
case("599 that lasts", "/p", "unknown", "server-error", Answer(599))

# --- rate limits
case("429 always", "/p", "unknown", "rate-limited", Answer(429), check=lambda asked: len(asked) <= 4)
case("429 once", "/p", "ok", None, (Answer(429), OK))
case("429 once, seconds", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "7"),)), OK))
case(
    "429 once, a date", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "Fri, 01 Jan 2027 00:00:20 GMT"),)), OK)
)
case(
    "429 once, a past date",
    "/p",
    "ok",
    None,
    (Answer(429, headers=(("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"),)), OK),
)
case(
    "429 for an hour",
    "/p",
    "unknown",
    "rate-limited",
    Answer(429, headers=(("Retry-After", "3600"),)),
    check=lambda a: len(a) == 1,
)
case("429 for ever", "/p", "unknown", "rate-limited", Answer(429, headers=(("Retry-After", "9" * 40),)))
case("429 with nonsense", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "soon"),)), OK))
case("420", "/p", "unknown", "rate-limited", Answer(420))
case("403 with an empty rate", "/p", "unknown", "rate-limited", Answer(403, headers=(("X-RateLimit-Remaining", "0"),)))

# --- bot walls and log-ins
case(
    "Cloudflare's challenge by header",
    "/p",
    "unknown",
    "bot-wall",
    Answer(403, headers=(("cf-mitigated", "challenge"),)),
)
case(
    "Cloudflare's challenge by words",
    "/p",
    "unknown",
    "bot-wall",
    Answer(403, "<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"),
)
case("Cloudflare's challenge as 503", "/p", "unknown", "bot-wall", Answer(503, "<title>Just a moment...</title>"))
case("Incapsula", "/p", "unknown", "bot-wall", Answer(403, "<iframe src='/_Incapsula_Resource?x'></iframe>"))
case("DataDome", "/p", "unknown", "bot-wall", Answer(403, headers=(("X-DataDome", "protected"),)))
case(
    "AWS's firewall answers 202",
    "/p",
    "unknown",
    "bot-wall",
    Answer(202, b"", headers=(("x-amzn-waf-action", "challenge"),)),
)
case("a captcha", "/p", "unknown", "bot-wall", Answer(403, "<p>Please verify you are a human</p>"))
case("999", "/p", "unknown", "bot-wall", Answer(999))
case("a page that speaks of captchas", "/p", "ok", None, page("<p>How h-captcha works: verify you are human"))
case("a redirect to log in", "/p", "unknown", "login", {"/p": to(302, "/login?next=/p"), "/login?next=/p": OK})
case("a redirect to log in elsewhere", "/p", "unknown", "login", {"/p": to(302, "http://OTHER/oauth2/authorize?x=1")})
case("a link to the log-in itself", "/login", "ok", None, {"/login": OK})
case("a redirect to a word like login", "/p", "ok", None, {"/p": to(302, "/blogins"), "/blogins": OK})

# --- redirects
for status in (301, 308):
    case(
        f"{status} is permanent", "/p", "redirected", "moved", {"/p": to(status, "/q"), "/q": OK}, final="http://HOST/q"
    )
for status in (302, 303, 307):
    case(f"{status} is not permanent", "/p", "ok", None, {"/p": to(status, "/q"), "/q": OK}, final="http://HOST/q")
case(
    "permanent, then temporary",
    "/p",
    "redirected",
    "moved",
    {"/p": to(301, "/q"), "/q": to(302, "/r"), "/r": OK},
    final="http://HOST/q",
)
case(
    "temporary, then permanent",
    "/p",
    "ok",
    None,
    {"/p": to(302, "/q"), "/q": to(301, "/r"), "/r": OK},
    final="http://HOST/r",
)
case(
    "permanent twice",
    "/p",
    "redirected",
    "moved",
    {"/p": to(301, "/q"), "/q": to(308, "/r"), "/r": OK},
    final="http://HOST/r",
)
case(
    "to https",
    "/p",
    "redirected",
    "moved",
    {"/p": lambda a: OK if a.is_tls else to(301, "https://HOST/p")},
    final="https://HOST/p",
)
case(
    "to another host",
    "/p",
    "redirected",
    "moved",
    {"/p": to(301, "http://OTHER/q"), "other:/q": OK},
    final="http://OTHER/q",
)
case("to a page that is gone", "/p", "broken", "status", {"/p": to(301, "/q")}, final="http://HOST/q")
case("to a host that is gone", "/p", "broken", "dns", {"/p": to(302, "http://nowhere.gone/")})
case("to itself", "/p", "broken", "redirect-loop", {"/p": to(302, "/p")})
case("in a circle", "/p", "broken", "redirect-loop", {"/p": to(302, "/q"), "/q": to(302, "/p")})
case("without end", "/n?0", "broken", "redirect-loop", {f"/n?{i}": to(302, f"/n?{i + 1}") for i in range(40)})
case("fifteen in a row", "/n?0", "ok", None, {**{f"/n?{i}": to(302, f"/n?{i + 1}") for i in range(15)}, "/n?15": OK})
case("302 without Location", "/p", "broken", "status", Answer(302))
case("304 unasked", "/p", "broken", "status", Answer(304, b""))
case("300 with choices", "/p", "broken", "status", Answer(300))
case("to a mail", "/p", "broken", "redirect-invalid", to(302, "mailto:a@b.org"))
case("to a file", "/p", "broken", "redirect-invalid", to(302, "file:///etc/passwd"))
case("to a script", "/p", "broken", "redirect-invalid", to(302, "javascript:alert(1)"))
case("to no URL", "/p", "broken", "redirect-invalid", to(302, "http://"))
case("to a bad port", "/p", "broken", "redirect-invalid", to(302, "http://HOST:99999/"))
case("Location with a space", "/p", "ok", None, {"/p": to(302, "/a b"), "/a%20b": OK})
case("Location in UTF-8", "/p", "ok", None, {"/p": to(302, "/straße"), "/stra%C3%9Fe": OK})
case("Location in Latin-1", "/p", "ok", None, {"/p": to(302, "/stra\udcdfe"), "/stra%DFe": OK})
case("Location with backslashes", "/p", "ok", None, {"/p": to(302, "\\a\\b"), "/a/b": OK})
case(
    "Location without a scheme", "/p", "ok", None, {"/p": to(302, "//OTHER/q"), "other:/q": OK}, final="http://OTHER/q"
)
case("Location relative", "/a/b/p", "ok", None, {"/a/b/p": to(302, "../q"), "/a/q": OK}, final="http://HOST/a/q")
case("Location of a query alone", "/p", "ok", None, {"/p": to(302, "?x=1"), "/p?x=1": OK})
case("Location with a scheme and no host", "/p", "ok", None, {"/p": to(302, "http:q"), "/q": OK})
case("Location with dots above the root", "/p", "ok", None, {"/p": to(302, "/../../q"), "/q": OK})
case("Location in capitals", "/p", "ok", None, {"/p": to(302, "HTTP://OTHER/q"), "other:/q": OK})
case(
    "a cookie opens the page",
    "/p",
    "ok",
    None,
    {
        "/p": lambda a: (
            OK if "seen=1" in a.headers.get("cookie", "") else to(302, "/p", ("Set-Cookie", "seen=1; Path=/"))
        )
    },
)
case(
    "a cookie wall by two steps",
    "/p",
    "ok",
    None,
    {
        "/p": lambda a: OK if "k=v" in a.headers.get("cookie", "") else to(302, "/set"),
        "/set": to(302, "/p", ("Set-Cookie", "k=v")),
    },
)
case(
    "a cookie is not for another host",
    "/p",
    "ok",
    None,
    {
        "/p": to(302, "http://OTHER/q", ("Set-Cookie", "secret=1")),
        "other:/q": lambda a: Answer(500) if "cookie" in a.headers else OK,
    },
)
case("cookies are not for another check", "/p", "ok", None, lambda a: Answer(500) if "cookie" in a.headers else OK)
case("a redirect with a large body", "/p", "ok", None, {"/p": to(302, "/q", body="x" * 200_000), "/q": OK})
case(
    "meta refresh",
    "/p",
    "ok",
    None,
    {"/p": page('<meta http-equiv="refresh" content="0; url=q">'), "/q": OK},
    final="http://HOST/q",
)
case(
    "meta refresh to what is gone",
    "/p",
    "broken",
    "status",
    {"/p": page('<meta http-equiv="Refresh" content="0;URL=\'/q\'">')},
)
case("meta refresh much later", "/p", "ok", None, page('<meta http-equiv="refresh" content="300; url=/gone">'))
case("meta refresh of itself", "/p", "ok", None, page('<meta http-equiv="refresh" content="5">'))
case("meta refresh in a comment", "/p", "ok", None, page('<!-- <meta http-equiv="refresh" content="0;url=/gone"> -->'))
case(
    "meta refresh in noscript",
    "/p",
    "ok",
    None,
    page('<noscript><meta http-equiv="refresh" content="0;url=/gone"></noscript>'),
)
case(
    "Refresh header",
    "/p",
    "ok",
    None,
    {"/p": Answer(headers=(("Refresh", "0; url=/q"),)), "/q": OK},
    final="http://HOST/q",
)
case(
    "meta refresh in a circle",
    "/p",
    "broken",
    "redirect-loop",
    {
        "/p": page('<meta http-equiv=refresh content="0;url=/q">'),
        "/q": page('<meta http-equiv=refresh content="0;url=/p">'),
    },
)

# --- fragments
case("an id", "/p#setup", "ok", None, OK)
case("an id that is not there", "/p#set-up", "broken", "anchor-missing", OK)
case("the name of an a", "/p#n", "ok", None, page('<a name="n"></a>'))
case("the name of an input is no anchor", "/p#n", "broken", "anchor-missing", page('<input name="n">'))
case("an id in another case", "/p#Setup", "broken", "anchor-missing", OK)
case("an id in an SVG", "/p#s", "ok", None, page('<svg><g id="s"></g></svg>'))
case("an id in a comment", "/p#c", "broken", "anchor-missing", page('<!-- <p id="c"> -->'))
case("an id in a script's text", "/p#c", "broken", "anchor-missing", page("<script>x = '<p id=\"c\">'</script>"))
case("an id in a template", "/p#c", "broken", "anchor-missing", page('<template><p id="c"></template>'))
case("an id without quotes", "/p#c", "ok", None, page("<p id=c>"))
case("an id with an entity", "/p#a&b", "ok", None, page('<p id="a&amp;b">'))
case("percent-encoded", "/p#stra%C3%9Fe", "ok", None, page('<p id="straße">'))
case("not encoded", "/p#straße", "ok", None, page('<p id="straße">'))
case("an id that is percent-encoded itself", "/p#a%20b", "ok", None, page('<p id="a%20b">'))
case("an empty fragment", "/p#", "ok", None, OK)
case("the top", "/p#top", "ok", None, OK)
case("a text fragment", "/p#:~:text=words", "unknown", "anchor-scripted", OK)
case("an id and a text fragment", "/p#setup:~:text=words", "unknown", "anchor-scripted", OK)
case("no id and a text fragment", "/p#gone:~:text=words", "broken", "anchor-missing", OK)
case("a line of code", "/p#L10", "unknown", "anchor-scripted", OK)
case("lines of code", "/p#L10-L20", "unknown", "anchor-scripted", OK)
case("a line of code that is there", "/p#L10", "ok", None, page('<span id="L10">'))
case("a hash-bang", "/p#!/route", "unknown", "anchor-scripted", OK)
case("a route", "/p#/route/x", "unknown", "anchor-scripted", OK)
case("a comment of a code host", "/p#issuecomment-123456", "unknown", "anchor-scripted", OK)
case("a heading of a code host", "/p#usage", "ok", None, page('<h2 id="user-content-usage">'))
case(
    "a page made by a script",
    "/p#any",
    "unknown",
    "anchor-scripted",
    Answer(body='<!DOCTYPE html><div id="root"></div><script src="/app.js"></script>'),
)
case("a short page without scripts", "/p#any", "broken", "anchor-missing", Answer(body="<!DOCTYPE html><p>short</p>"))
case("a page of a PDF", "/p#page=3", "unknown", "anchor-unreadable", Answer(body=b"%PDF-1.7", type="application/pdf"))
case("a PDF", "/p", "ok", None, Answer(body=b"%PDF-1.7", type="application/pdf"))
case("a fragment of plain text", "/p#x", "unknown", "anchor-unreadable", Answer(body="text", type="text/plain"))
case(
    "a fragment of an SVG",
    "/p#s",
    "ok",
    None,
    Answer(body='<svg xmlns="http://www.w3.org/2000/svg"><g id="s"/></svg>', type="image/svg+xml"),
)
case(
    "a fragment of XHTML",
    "/p#s",
    "ok",
    None,
    Answer(
        body='<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="s"/></body></html>', type="application/xhtml+xml"
    ),
)
case("a fragment of what has no type", "/p#s", "ok", None, Answer(body='<p id="s">', type=None))
case(
    "a fragment, after a redirect",
    "/p#setup",
    "redirected",
    "moved",
    {"/p": to(301, "/q"), "/q": OK},
    final="http://HOST/q#setup",
)
case(
    "a fragment that the new page lacks",
    "/p#gone",
    "broken",
    "anchor-missing",
    {"/p": to(301, "/q"), "/q": OK},
    final="http://HOST/q#gone",
)
case(
    "Location's own fragment wins",
    "/p#gone",
    "redirected",
    "moved",
    {"/p": to(301, "/q#setup"), "/q": OK},
    final="http://HOST/q#setup",
)
case("Location's own fragment is missing", "/p", "broken", "anchor-missing", {"/p": to(302, "/q#gone"), "/q": OK})
case(
    "Location's fragment is inherited later",
    "/p",
    "ok",
    None,
    {"/p": to(302, "/q#setup"), "/q": to(302, "/r"), "/r": OK},
    final="http://HOST/r#setup",
)
case("an id far down", "/p#far", "ok", None, page("<p>x</p>" * 100_000 + '<p id="far">'))
case("an id far down that is not there", "/p#far", "broken", "anchor-missing", page("<p>x</p>" * 100_000))
case("an id that comes late and slowly", "/p#late", "ok", None, Answer(stream=slow_page))

# --- charsets
case(
    "charset by header",
    "/p#stra%C3%9Fe",
    "ok",
    None,
    Answer(body='<p id="straße">'.encode("latin-1"), type="text/html; charset=ISO-8859-1"),
)
case(
    "charset by meta",
    "/p#stra%C3%9Fe",
    "ok",
    None,
    Answer(body='<meta charset="windows-1252"><p id="straße">'.encode("cp1252"), type="text/html"),
)
case(
    "charset by meta http-equiv",
    "/p#%D0%B6",
    "ok",
    None,
    Answer(
        body='<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p id="ж">'.encode("koi8-r"),
        type="text/html",
    ),
)
case(
    "charset by BOM, against the header",
    "/p#stra%C3%9Fe",
    "ok",
    None,
    Answer(body='\ufeff<p id="straße">'.encode(), type="text/html; charset=koi8-r"),
)
case(
    "UTF-16 with a BOM", "/p#stra%C3%9Fe", "ok", None, Answer(body='<p id="straße">'.encode("utf-16"), type="text/html")
)
case(
    "the header wins over meta",
    "/p#%D0%B6",
    "ok",
    None,
    Answer(body='<meta charset="latin1"><p id="ж">'.encode("koi8-r"), type="text/html; charset=koi8-r"),
)
case(
    "Shift_JIS",
    "/p#%E7%AB%A0",
    "ok",
    None,
    Answer(body='<p id="章">'.encode("cp932"), type="text/html; charset=Shift_JIS"),
)
case("a charset that nobody knows", "/p#a", "ok", None, Answer(body='<p id="a">', type="text/html; charset=x-none"))
case(
    "no charset at all",
    "/p#stra%C3%9Fe",
    "ok",
    None,
    Answer(body='<p id="straße">'.encode("latin-1"), type="text/html"),
)

# --- encodings of the body
case(
    "gzip",
    "/p#setup",
    "ok",
    None,
    Answer(body=gzip.compress(str(OK.body).encode()), headers=(("Content-Encoding", "gzip"),)),
)
case(
    "deflate",
    "/p#setup",
    "ok",
    None,
    Answer(body=zlib.compress(str(OK.body).encode()), headers=(("Content-Encoding", "deflate"),)),
)
case(
    "brotli",
    "/p#setup",
    "ok",
    None,
    Answer(body=stored_brotli(str(OK.body).encode()), headers=(("Content-Encoding", "br"),)),
)
case(
    "gzip that is none",
    "/p#setup",
    "broken",
    "protocol",
    Answer(body=b"no gzip at all", headers=(("Content-Encoding", "gzip"),)),
)
case(
    "chunked",
    "/p#setup",
    "ok",
    None,
    Answer(raw=CHUNKED + b"\r\n"),
)
case(
    "chunked with trailers",
    "/p#setup",
    "ok",
    None,
    Answer(raw=CHUNKED + b"X-Sum: 1\r\n\r\n"),
)
case("HTTP/1.0", "/p#setup", "ok", None, Answer(raw=b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<h1 id=setup>"))
case(
    "100 before the answer",
    "/p",
    "ok",
    None,
    Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
)
case(
    "103 before the answer",
    "/p",
    "broken",
    "status",
    Answer(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"),
)

# --- what is hostile, or broken below HTTP
case("an endless body", "/p", "ok", None, Answer(stream=lambda w: endless(w, b"<p>more</p>" * 1000)))
case(
    "an endless body and a fragment",
    "/p#gone",
    "broken",
    "too-large",
    Answer(stream=lambda w: endless(w, b"<p>more</p>" * 1000)),
)
case(
    "an endless body and a fragment at its start",
    "/p#a",
    "ok",
    None,
    Answer(stream=lambda w: endless(w, b"<p id=a>more</p>" * 1000)),
)
case(
    "endless headers",
    "/p",
    "broken",
    "too-large",
    Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"X-More: 1234567890\r\n" * 100_000),
)
case("one endless header", "/p", "broken", "too-large", Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2_000_000))
case(
    "a gzip bomb",
    "/p",
    "ok",
    None,
    Answer(body=gzip.compress(bytes(64_000_000)), headers=(("Content-Encoding", "gzip"),)),
)
case(
    "a gzip bomb and a fragment",
    "/p#gone",
    "broken",
    "too-large",
    Answer(body=gzip.compress(bytes(64_000_000)), headers=(("Content-Encoding", "gzip"),)),
)
case("hundreds of thousands of nested tags", "/p#gone", "broken", "anchor-missing", Answer(body="<div>" * 300_000))
case("nested formatting", "/p#deep", "ok", None, Answer(body="<b><p>" * 100_000 + '<i id="deep">'))
case("a huge attribute", "/p#deep", "ok", None, Answer(body='<p title="' + "x" * 1_500_000 + '"><p id="deep">'))
case("a huge id", "/p#gone", "broken", "anchor-missing", Answer(body='<p id="' + "x" * 1_500_000 + '">'))
case("zero bytes", "/p#z", "ok", None, Answer(body=b"<!DOCTYPE html>\0\0<p id=z>"))
# hosts "silent" are waited for a few seconds only; all others so long that no load of the machine looks like silence
SILENT = "http://silent.HOST/p"
case("silence", SILENT, "broken", "timeout", {"silent:/p": Answer(delay=120)})
case("silence within the body", SILENT, "ok", None, {"silent:/p": Answer(stream=lambda w: stall(w, b"<p>begun"))})
case(
    "silence before the fragment",
    f"{SILENT}#late",
    "broken",
    "timeout",
    {"silent:/p": Answer(stream=lambda w: stall(w, b"<p>begun"))},
)
case(
    "silence after the fragment",
    f"{SILENT}#early",
    "ok",
    None,
    {"silent:/p": Answer(stream=lambda w: stall(w, b"<p id=early>begun"))},
)
case("a body that is cut off", "/p", "ok", None, Answer(body="<p>half", length=1000))
case("cut off before the fragment", "/p#late", "broken", "reset", Answer(body="<p>half", length=1000))
case("cut off after the fragment", "/p#early", "ok", None, Answer(body="<p id=early>half", length=1000))
case("cut off once", "/p#setup", "ok", None, (Answer(body="<p>half", length=1000), OK))
case("closed without a word", "/p", "broken", "reset", Answer(raw=b""))
case("reset", "/p", "broken", "reset", Answer(reset=True))
case("reset once", "/p", "ok", None, (Answer(reset=True), OK))
case("no HTTP at all", "/p", "broken", "protocol", Answer(raw=b"SSH-2.0-OpenSSH_9.6\r\n"))
case("HTTP/0.9", "/p", "broken", "protocol", Answer(raw=b"<p>hello</p>"))
case("a status that is none", "/p", "broken", "protocol", Answer(raw=b"HTTP/1.1 abc\r\n\r\n"))
case(
    "two lengths that differ", "/p", "broken", "protocol", Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nok")
)
case("refused", "/p", "broken", "refused", place="refused")
case("no such host", "http://nothing.gone/p", "broken", "dns")

# --- TLS
case("TLS", "https://HOST/p#setup", "ok", None, OK)
case("TLS, expired", "https://HOST/p", "broken", "tls-expired", OK, place="expired")
case("TLS, not valid yet", "https://HOST/p", "broken", "tls-not-yet-valid", OK, place="not-yet")
case("TLS, self-signed", "https://HOST/p", "broken", "tls-self-signed", OK, place="self-signed")
case("TLS, another host", "https://HOST/p", "broken", "tls-wrong-host", OK, place="wrong")
case("TLS, an unknown authority", "https://HOST/p", "broken", "tls-untrusted", OK, place="untrusted")
case("TLS where there is none", "https://HOST/p", "broken", "tls-failed", OK, place="plain")
case("a redirect to what is expired", "/p", "broken", "tls-expired", {"/p": to(302, "https://HOST/q")}, place="expired")
case("TLS, an exception for the host", "https://trusting.HOST/p", "ok", None, {"trusting:/p": OK}, place="self-signed")

# --- URLs
case("a query", "/p?a=1&b=%20", "ok", None, {"/p?a=1&b=%20": OK})
case("a space", "/a b", "ok", None, {"/a%20b": OK})
case("letters beyond ASCII", "/straße", "ok", None, {"/stra%C3%9Fe": OK})
case("an encoded slash stays encoded", "/a%2Fb", "ok", None, {"/a%2Fb": OK})
case("capitals in escapes stay", "/a%c3%9f", "ok", None, {"/a%c3%9f": OK})
case("a stray percent sign", "/100%", "ok", None, {"/100%": OK})
case("dots in the path", "/a/./b/../c", "ok", None, {"/a/c": OK})
case("double slashes stay", "/a//b", "ok", None, {"/a//b": OK})
case("backslashes", "http:\\\\HOST\\a", "ok", None, {"/a": OK})
case("capitals in scheme and host", "HTTP://HOST/p", "ok", None, OK)
case("the port of the scheme", "http://HOST:80/p", "ok", None, OK)
case(
    "userinfo is sent",
    "http://me:s3cret@HOST/p",
    "ok",
    None,
    lambda a: OK if a.headers.get("authorization") == "Basic bWU6czNjcmV0" else Answer(401),
)
case(
    "userinfo is not sent elsewhere",
    "http://me:s3cret@HOST/p",
    "ok",
    None,
    {"/p": to(302, "http://OTHER/q"), "other:/q": lambda a: Answer(500) if "authorization" in a.headers else OK},
)
case("a name of another script", "http://bücher.HOST/p", "ok", None, {"xn--bcher-kva:/p": OK})
case("a name with an emoji", "http://☕.HOST/p", "ok", None, {"xn--53h:/p": OK})
case("a name with a long s-z", "http://straße.HOST/p", "ok", None, {"xn--strae-oqa:/p": OK})
case("a tab within", "http://HOST/\tp", "ok", None, OK)
case("a line break within", "http://HOST/\np", "ok", None, OK)
case("blanks around", "  http://HOST/p  ", "ok", None, OK)
case("brackets in the query", "/p?a[]=1", "ok", None, {"/p?a[]=1": OK})
case("a pipe", "/p?a|b", "ok", None, {"/p?a|b": OK})
case("quotes", '/p?"a"', "ok", None, {"/p?%22a%22": OK})
case("no host", "http:///", "broken", "url-invalid")
case("a host with a space", "http://a b/", "broken", "url-invalid")
case("a port that is none", "http://HOST:http/", "broken", "url-invalid")
case("a port too large", "http://HOST:70000/", "broken", "url-invalid")
case("no scheme", "HOST/p", "broken", "url-invalid")
case("a label too long", f"http://{'a' * 64}.test/", "broken", "url-invalid")
case("an IPv6 address that is none", "http://[::g]/", "broken", "url-invalid")
case("a URL of 3,000 characters", "/" + "x" * 3000, "ok", None, {"/" + "x" * 3000: OK})

# --- private addresses
case("localhost", "http://localhost/", "ignored", "private-address")
case("a name below localhost", "http://app.localhost:8000/", "ignored", "private-address")
case("10.0.0.1", "http://10.0.0.1/", "ignored", "private-address")
case("192.168.1.1", "https://192.168.1.1/", "ignored", "private-address")
case("169.254.169.254", "http://169.254.169.254/latest/meta-data/", "ignored", "private-address")
case("0.0.0.0", "http://0.0.0.0/", "ignored", "private-address")
case("[::1]", "http://[::1]/", "ignored", "private-address")
case("[fe80::1]", "http://[fe80::1]/", "ignored", "private-address")
case("[::ffff:10.0.0.1]", "http://[::ffff:10.0.0.1]/", "ignored", "private-address")
case("10.0.0.1 as a number", "http://167772161/", "ignored", "private-address")
case("127.0.0.1 in hexadecimal", "http://0x7f.1/", "ignored", "private-address")
case(
    "a name of a private address",
    "/p",
    "ignored",
    "private-address",
    OK,
    place="private",
    check=lambda asked: not asked,
)
case("a redirect to a private address", "/p", "unknown", "private-address", {"/p": to(302, "http://10.0.0.1/")})
case("a redirect to this machine", "/p", "unknown", "private-address", {"/p": to(302, "http://localhost:22/")})
case(
    "a redirect to a private name",
    "/p",
    "unknown",
    "private-address",
    {
        "/p": to(302, "http://inside.web.test/"),
    },
    check=lambda asked: {a.path for a in asked} == {"/p"},
)

# --- other schemes
case("a mail", "mailto:a.b+c@example.org", "ok")
case("a mail with a subject", "mailto:a@example.org?subject=Hi%20there", "ok")
case("two mails", "mailto:a@example.org,b@example.org", "ok")
case("a mail to be addressed", "mailto:?subject=x", "ok")
case("a mail of another script", "mailto:jürgen@bücher.example", "ok")
case("a mail without a domain", "mailto:someone", "broken", "url-invalid")
case("a mail to nobody", "mailto:", "broken", "url-invalid")
case("a mail with two signs", "mailto:a@b@c.org", "broken", "url-invalid")
case("a mail with a space", "mailto:a b@c.org", "broken", "url-invalid")
case("a telephone", "tel:+49-30-1234567", "ok")
case("a telephone with words", "tel:call-me-maybe", "broken", "url-invalid")
case("data", "data:image/png;base64,iVBORw0KGgo=", "ok")
case("data without a comma", "data:image/png", "broken", "url-invalid")
case("urn", "urn:isbn:9780131103627", "ok")
case("urn without a name", "urn:isbn", "broken", "url-invalid")
case("doi", "doi:10.1000/182", "ok")
case("doi that is none", "doi:182", "broken", "url-invalid")
case("javascript", "javascript:void(0)", "ignored", "scheme")
case("ftp", "ftp://ftp.example.org/", "ignored", "scheme")
case("a scheme of an application", "vscode://file/x", "ignored", "scheme")

# --- rules
case("ignored by a pattern", "http://HOST/ignored/p", "ignored", "rule", check=lambda asked: not asked)
case("a status that is accepted", "http://accepting.HOST/p", "ok", None, {"accepting:/p": Answer(403)})
case(
    "a header for one host",
    "http://token.HOST/p",
    "ok",
    None,
    {"token:/p": lambda a: OK if a.headers.get("authorization") == "Bearer t0ken" else Answer(403)},
)
case(
    "a header is not for another host",
    "http://token.HOST/p",
    "ok",
    None,
    {"token:/p": to(302, "http://OTHER/q"), "other:/q": lambda a: Answer(500) if "authorization" in a.headers else OK},
)
case("anchors off for a host", "http://no-anchors.HOST/p#gone", "ok", None, {"no-anchors:/p": OK})

# --- odd answers that browsers take
case("an encoding that nobody knows", "/p", "ok", None, page(headers=(("Content-Encoding", "utf-8"),)))
case(
    "an encoding that nobody knows, and a fragment",
    "/p#setup",
    "ok",
    None,
    Answer(body=OK.body, headers=(("Content-Encoding", "UTF-8"),)),
)
case("an encoding of no name", "/p#setup", "ok", None, Answer(body=OK.body, headers=(("Content-Encoding", ""),)))
case(
    "deflate without its head",
    "/p#setup",
    "ok",
    None,
    Answer(body=zlib.compress(str(OK.body).encode())[2:-4], headers=(("Content-Encoding", "deflate"),)),
)
case(
    "gzip within gzip",
    "/p#setup",
    "ok",
    None,
    Answer(body=gzip.compress(gzip.compress(str(OK.body).encode())), headers=(("Content-Encoding", "gzip, gzip"),)),
)
case(
    "gzip that is cut off",
    "/p",
    "ok",
    None,
    Answer(body=gzip.compress(str(OK.body).encode())[:-30], headers=(("Content-Encoding", "gzip"),)),
)
case(
    "gzip that is none, of a page",
    "/p",
    "broken",
    "protocol",
    Answer(body=b"no gzip", headers=(("Content-Encoding", "gzip"),)),
)
case(
    "a header without a colon",
    "/p",
    "ok",
    None,
    Answer(raw=b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\nok"),
)
case(
    "a header without a colon, and a fragment",
    "/p#a",
    "unknown",
    "anchor-unreadable",
    Answer(raw=b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<p id=a>"),
)
case(
    "a header without a colon, of what is gone",
    "/p",
    "broken",
    "status",
    Answer(raw=b"HTTP/1.1 404 No\r\nno colon\r\nContent-Length: 2\r\n\r\nno"),
)
case(
    "trailers without end, and a fragment that is not there",
    "/p#gone",
    "broken",
    "too-large",
    Answer(raw=CHUNKED + b"X-More: 1234567890\r\n" * 30_000),
)
case(
    "XHTML that is not well-formed",
    "/p#b",
    "ok",
    None,
    Answer(body='<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="b"></body>', type="application/xhtml+xml"),
)
case(
    "meta refresh from a base behind it",
    "/p",
    "ok",
    None,
    {"/p": page('<meta http-equiv="refresh" content="0; url=q"><base target=x href=/d/>'), "/d/q": OK},
    final="http://HOST/d/q",
)
case(
    "a header with a blank before the colon",
    "/p",
    "ok",
    None,
    {"/p": Answer(raw=b"HTTP/1.1 302 X\r\nLocation : /q\r\nContent-Length: 0\r\n\r\n"), "/q": OK},
    final="http://HOST/q",
)
case("a status without words", "/p", "ok", None, Answer(raw=b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"))
case(
    "lines that end in a line feed alone",
    "/p#a",
    "ok",
    None,
    Answer(raw=b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p id=a>"),
)
case(
    "a folded header",
    "/p",
    "ok",
    None,
    {"/p": Answer(raw=b"HTTP/1.1 302 X\r\nLocation:\r\n /q\r\nContent-Length: 0\r\n\r\n"), "/q": OK},
    final="http://HOST/q",
)
case(
    "the same length twice",
    "/p",
    "ok",
    None,
    Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"),
)
case("more than the length", "/p", "ok", None, Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokokok"))
case(
    "a chunk that is none",
    "/p",
    "ok",
    None,
    Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nzz\r\n"),
)
case(
    "a thousand interim answers",
    "/p",
    "broken",
    "too-large",
    Answer(raw=b"HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n" * 100_000),
)
case("trailers without end", "/p", "ok", None, Answer(raw=CHUNKED + b"X-More: 1234567890\r\n" * 30_000))
case(
    "trailers without end, and a fragment",
    "/p#setup",
    "ok",
    None,
    Answer(raw=CHUNKED + b"X-More: 1234567890\r\n" * 30_000),
)
case(
    "a brotli bomb",
    "/p",
    "ok",
    None,
    Answer(body=brotli.compress(bytes(64_000_000)), headers=(("Content-Encoding", "br"),)),
)
case(
    "a brotli bomb and a fragment",
    "/p#gone",
    "broken",
    "too-large",
    Answer(body=brotli.compress(bytes(64_000_000)), headers=(("Content-Encoding", "br"),)),
)
case(
    "many attributes",
    "/p#gone",
    "broken",
    "anchor-missing",
    Answer(body="<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">"),
)
case("shapes outside of a drawing", "/p#gone", "broken", "anchor-missing", Answer(body="<path><div></div>" * 30_000))
case("nested tables", "/p#gone", "broken", "anchor-missing", Answer(body="<table><tr><td>" * 30_000))
case("quotes that never end", "/p#gone", "broken", "anchor-missing", Answer(body='<a href="' * 30_000))

# --- odd redirects
case("to itself with a fragment", "/p", "broken", "redirect-loop", {"/p": to(301, "/p#setup")})
case(
    "to the default port",
    "/p",
    "redirected",
    "moved",
    {"/p": to(301, "http://HOST:80/q"), "/q": OK},
    final="http://HOST/q",
)
case("a slash more", "/d", "redirected", "moved", {"/d": to(301, "/d/"), "/d/": OK}, final="http://HOST/d/")
case(
    "to what is limited",
    "/p",
    "unknown",
    "rate-limited",
    {"/p": to(301, "/q"), "/q": Answer(429, headers=(("Retry-After", "4000"),))},
    final="http://HOST/q",
)
case("to what must be logged in for", "/p", "unknown", "login", {"/p": to(302, "/q"), "/q": Answer(401)})
case("Location of a fragment alone", "/p#x", "broken", "redirect-loop", {"/p": to(302, "#setup")})
case("Location with a tab within", "/p", "ok", None, {"/p": to(302, "/a\tb"), "/ab": OK})
case(
    "Location with userinfo",
    "/p",
    "ok",
    None,
    {
        "/p": to(302, "http://u:s3cret@OTHER/q"),
        "other:/q": lambda a: OK if "authorization" in a.headers else Answer(401),
    },
    final="http://OTHER/q",
)
case("Location with encoded dots", "/a/p", "ok", None, {"/a/p": to(302, "%2e%2E/q"), "/q": OK})
case(
    "Location in punycode's clothes", "/p", "ok", None, {"/p": to(302, "http://bücher.HOST/q"), "xn--bcher-kva:/q": OK}
)
case(
    "a cookie for another path",
    "/p",
    "ok",
    None,
    {"/p": to(302, "/q", ("Set-Cookie", "k=v; Path=/x")), "/q": lambda a: Answer(500) if "cookie" in a.headers else OK},
)
case(
    "a cookie for TLS alone",
    "/p",
    "ok",
    None,
    {"/p": to(302, "/q", ("Set-Cookie", "k=v; Secure")), "/q": lambda a: Answer(500) if "cookie" in a.headers else OK},
)
case(
    "two cookies open the page",
    "/p",
    "ok",
    None,
    {
        "/p": lambda a: (
            OK
            if "a=1" in a.headers.get("cookie", "") and "b=2" in a.headers.get("cookie", "")
            else to(302, "/p", ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
        )
    },
)
case("a cookie that never helps", "/p", "broken", "redirect-loop", {"/p": to(302, "/p", ("Set-Cookie", "seen=1"))})
case(
    "meta refresh from a base",
    "/p",
    "ok",
    None,
    {"/p": page('<base href="/d/"><meta http-equiv="refresh" content="0; url=q">'), "/d/q": OK},
    final="http://HOST/d/q",
)
case("meta refresh to a script", "/p", "ok", None, page('<meta http-equiv="refresh" content="0; url=javascript:x()">'))
case(
    "meta refresh with a fragment",
    "/p",
    "broken",
    "anchor-missing",
    {"/p": page('<meta http-equiv="refresh" content="0; url=/q#gone">'), "/q": OK},
)
case(
    "meta refresh in a script's text",
    "/p",
    "ok",
    None,
    page("<script>x = '<meta http-equiv=refresh content=\"0;url=/gone\">'</script>"),
)
case(
    "meta refresh by blanks",
    "/p",
    "ok",
    None,
    {"/p": page("<meta content = '0 ; URL = /q' http-equiv = REFRESH>"), "/q": OK},
    final="http://HOST/q",
)
case(
    "meta refresh without quotes",
    "/p",
    "ok",
    None,
    {"/p": page("<META HTTP-EQUIV=refresh CONTENT=0;url=/q>"), "/q": OK},
    final="http://HOST/q",
)
case(
    "meta refresh with entities",
    "/p",
    "ok",
    None,
    {"/p": page('<meta http-equiv="refresh" content="0;url=/q?a=1&amp;b=2">'), "/q?a=1&b=2": OK},
    final="http://HOST/q?a=1&b=2",
)

# --- odd waits
case("429 once, no time", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "0"),)), OK))
case("429 once, less than no time", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "-5"),)), OK))
case("429 once, a fraction", "/p", "ok", None, (Answer(429, headers=(("Retry-After", "1.5"),)), OK))
case(
    "429 once, an old form of date",
    "/p",
    "ok",
    None,
    (Answer(429, headers=(("Retry-After", "Friday, 01-Jan-27 00:00:20 GMT"),)), OK),
)
case(
    "503 for a day",
    "/p",
    "unknown",
    "server-error",
    Answer(503, headers=(("Retry-After", "86400"),)),
    check=lambda asked: len(asked) == 1,
)
case("500, then gone", "/p", "broken", "status", (Answer(500), Answer(404)))
case("429, then gone", "/p", "broken", "status", (Answer(429), Answer(410)))
case("410 with a captcha on its page", "/p", "broken", "status", Answer(410, "<p>g-recaptcha"))
case("404 of a wall's own make", "/p", "broken", "status", Answer(404, "<title>Not found | Cloudflare</title>"))

# --- odd URLs and fragments
case("an empty query", "/p?", "ok", None, {"/p?": OK})
case("a query without a path", "http://HOST?x=1", "ok", None, {"/?x=1": OK})
case("a fragment without a path", "http://HOST#setup", "ok", None, {"/": OK})
case("encoded dots in the path", "/a/%2e%2e/q", "ok", None, {"/q": OK})
case("an empty port", "http://HOST:/p", "ok", None, OK)
case("a port with zeros before it", "http://HOST:0080/p", "ok", None, OK)
case("no slashes", "http:HOST/p", "ok", None, OK)
case("four slashes", "http:////HOST/p", "ok", None, OK)
case("userinfo of nobody", "http://@HOST/p", "ok", None, OK)
case(
    "userinfo with an encoded sign",
    "http://me%40x:s3cret@HOST/p",
    "ok",
    None,
    lambda a: OK if a.headers.get("authorization") == "Basic bWVAeDpzM2NyZXQ=" else Answer(401),
)
case("a full stop of another script", "http://a。HOST/p", "ok", None, {"a:/p": OK})
case("letters of full width", "http://ＡＢ.HOST/p", "ok", None, {"ab:/p": OK})
case("a soft hyphen in a name", "http://a\u00adb.HOST/p", "ok", None, {"ab:/p": OK})
case("an underscore in a name", "http://a_b.HOST/p", "ok", None, {"a_b:/p": OK})
case("a hyphen at a name's end", "http://ab-.HOST/p", "ok", None, {"ab-:/p": OK})
case("a comma and a semicolon", "/a,b;c=1", "ok", None, {"/a,b;c=1": OK})
case("braces", "/p?{a}", "ok", None, {"/p?{a}": OK})
case("an apostrophe in a query", "/p?a='b'", "ok", None, {"/p?a=%27b%27": OK})
case("a caret and a backtick in a path", "/a^b`c", "ok", None, {"/a^b%60c": OK})
case("a fragment of percent signs", "/p#100%", "ok", None, page('<p id="100%">'))
case("a fragment in another normal form", "/p#e%CC%81", "broken", "anchor-missing", page('<p id="é">'))
case("a fragment with a plus", "/p#a+b", "broken", "anchor-missing", page('<p id="a b">'))
case("a fragment with a second sign", "/p#a#b", "ok", None, page('<p id="a#b">'))
case("a fragment with a question mark", "/p#a?b", "ok", None, page('<p id="a?b">'))
case("an id with blanks around", "/p#x", "broken", "anchor-missing", page('<p id=" x ">'))
case("an id of a nested page", "/p#x", "broken", "anchor-missing", page("<iframe srcdoc=\"<p id='x'>\"></iframe>"))
case("an id behind plaintext", "/p#x", "broken", "anchor-missing", page('<plaintext><p id="x">'))
case("a second id of one tag", "/p#b", "broken", "anchor-missing", page('<p id="a" id="b">'))
case("JSON and a fragment", "/p#/a/b", "unknown", "anchor-unreadable", Answer(body="{}", type="application/json"))
case("HTML that is called text", "/p#a", "unknown", "anchor-unreadable", Answer(body='<p id="a">', type="text/plain"))
case(
    "XHTML with an empty element",
    "/p#b",
    "ok",
    None,
    Answer(
        body='<html xmlns="http://www.w3.org/1999/xhtml"><body><a id="a"/><script src="x"/><p id="b"/></body></html>',
        type="application/xhtml+xml",
    ),
)
case(
    "XHTML with a title that is empty",
    "/p#b",
    "ok",
    None,
    Answer(
        body='<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p id="b"/></body></html>',
        type="application/xhtml+xml",
    ),
)
case("XML with xml:id", "/p#b", "ok", None, Answer(body='<doc><p xml:id="b"/></doc>', type="application/xml"))
case("a mail in angle brackets", "mailto:<a@example.org>", "broken", "url-invalid")
case("a mail with an encoded blank", "mailto:a%20b@example.org", "broken", "url-invalid")
case("a mail with a comma at its end", "mailto:a@example.org,", "ok")
case("an extension", "tel:+1-201-555-0123;ext=7", "ok")
case("an address of documentation", "http://[2001:db8::1]/", "ignored", "private-address")
case("an address in NAT64's clothes", "http://[64:ff9b::a00:1]/", "ignored", "private-address")
case("an address of a local link in 6to4", "http://[2002:a9fe:a9fe::1]/", "ignored", "private-address")
case("0177.0.0.1", "http://0177.0.0.1/", "ignored", "private-address")
case("127.1", "http://127.1/", "ignored", "private-address")
case("a redirect to a number", "/p", "unknown", "private-address", {"/p": to(302, "http://2130706433/")})
case(
    "a meta refresh to this machine",
    "/p",
    "unknown",
    "private-address",
    page('<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">'),
)

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
case(
    "entities within entities",
    "/p#gone",
    "broken",
    "anchor-missing",
    Answer(
        body=f'<!DOCTYPE html [<!ENTITY e0 "x">{BOMB}]><html xmlns="http://www.w3.org/1999/xhtml"><p>&e11;</p></html>',
        type="application/xhtml+xml",
    ),
)
case(
    "an entity of this machine's",
    "/p#root",
    "broken",
    "anchor-missing",
    Answer(
        body='<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><p id="&e;">&e;</p></html>',
        type="application/xhtml+xml",
    ),
)
case(
    "XML of many levels",
    "/p#gone",
    "broken",
    "anchor-missing",
    Answer(body="<d>" * 30_000 + "</d>" * 30_000, type="text/xml"),
)
