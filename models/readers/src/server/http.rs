//! Requests and responses of HTTP/1.1, one a connection, all bounded.

use std::io::{Read, Write};

/// Longest head of a request.
pub(super) const MAX_HEAD: usize = 16 << 10;
/// Longest body of a request.
pub(super) const MAX_BODY: usize = 2 << 20;
/// Most headers of a request.
const MAX_HEADERS: usize = 64;

/// Rules for the browser: only what this server gives, nothing from elsewhere, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    /// To read.
    Get,
    /// As to read, without the body.
    Head,
    /// To write.
    Post,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// What it asks for.
    pub(super) verb: Verb,
    /// Parts of its path; letters, digits, `-`, `_` and `.` alone, and none that begins with a point.
    pub(super) path: Vec<String>,
    /// The host that the browser believes to speak to.
    pub(super) host: String,
    /// The page that it comes from, where the browser says so.
    pub(super) origin: Option<String>,
    /// Whether the body is JSON.
    pub(super) is_json: bool,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    /// Status code.
    pub(super) status: u16,
    /// Type of the body.
    pub(super) kind: &'static str,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// The head of a request and what is wrong with it.
struct Head {
    verb: Verb,
    path: Vec<String>,
    host: String,
    origin: Option<String>,
    is_json: bool,
    length: usize,
    /// Bytes of the head.
    end: usize,
}

impl Response {
    /// Bytes of a type.
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Response {
        Response { status, kind, body: body.into() }
    }

    /// A line of text.
    pub(super) fn text(status: u16, text: &str) -> Response {
        let body = if text.is_empty() { String::new() } else { format!("{text}\n") };
        Response::new(status, "text/plain; charset=utf-8", body)
    }

    /// JSON.
    pub(super) fn json(status: u16, value: &serde_json::Value) -> Response {
        Response::new(status, "application/json", value.to_string())
    }

    /// The bytes that go to the browser.
    pub(super) fn bytes(&self, verb: &Verb) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            204 => "No Content",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            408 => "Request Timeout",
            409 => "Conflict",
            413 => "Content Too Large",
            431 => "Request Header Fields Too Large",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        };
        let head = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Permissions-Policy: camera=(), microphone=(), geolocation=()\r\nContent-Security-Policy: {POLICY}\r\n\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        let mut bytes = head.into_bytes();
        if *verb != Verb::Head {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// Reads one request; a response where there is none to be answered.
pub(super) fn read(stream: &mut impl Read) -> Result<Request, Response> {
    let mut bytes = Vec::new();
    let mut chunk = [0u8; 8192];
    let mut more = |bytes: &mut Vec<u8>| match stream.read(&mut chunk) {
        Ok(0) => Err(Response::text(400, "the request ends too early")),
        Ok(count) => {
            bytes.extend_from_slice(&chunk[..count]);
            Ok(())
        }
        Err(_) => Err(Response::text(408, "the request did not come")),
    };
    let head = loop {
        match head(&bytes)? {
            Some(head) => break head,
            None if bytes.len() > MAX_HEAD => {
                return Err(Response::text(431, "the head of the request is too long"));
            }
            None => more(&mut bytes)?,
        }
    };
    while bytes.len() < head.end + head.length {
        more(&mut bytes)?;
    }
    let body = bytes[head.end..head.end + head.length].to_vec();
    let Head { verb, path, host, origin, is_json, .. } = head;
    Ok(Request { verb, path, host, origin, is_json, body })
}

/// The head, once it is complete.
fn head(bytes: &[u8]) -> Result<Option<Head>, Response> {
    let bad = |text: &str| Response::text(400, text);
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let end = match request.parse(bytes) {
        Ok(httparse::Status::Complete(end)) if end <= MAX_HEAD => end,
        Ok(httparse::Status::Complete(_)) | Err(httparse::Error::TooManyHeaders) => {
            return Err(Response::text(431, "the head of the request is too long"));
        }
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(bad("this is no request of HTTP/1.1")),
    };
    let verb = match request.method {
        Some("GET") => Verb::Get,
        Some("HEAD") => Verb::Head,
        Some("POST") => Verb::Post,
        _ => return Err(Response::text(405, "only GET and POST are answered")),
    };
    let path = request.path.and_then(parts).ok_or_else(|| Response::text(404, "there is no such page"))?;
    let only = |name: &str| {
        let mut found = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(header), None) => std::str::from_utf8(header.value)
                .map(|value| Some(value.trim()))
                .map_err(|_| bad("a header is no text")),
            _ => Err(bad("a header is given twice")),
        }
    };
    if only("transfer-encoding")?.is_some() {
        return Err(bad("the length of the body must be given"));
    }
    let length = match only("content-length")? {
        None => 0,
        Some(text) if (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map_err(|_| bad("the length of the body is no number"))?
        }
        Some(_) => return Err(bad("the length of the body is no number")),
    };
    if length > MAX_BODY {
        return Err(Response::text(413, "the body of the request is too long"));
    }
    let kind = only("content-type")?.unwrap_or_default();
    let is_json =
        kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let host = only("host")?.ok_or_else(|| bad("the request names no host"))?.to_owned();
    let origin = only("origin")?.map(str::to_owned);
    Ok(Some(Head { verb, path, host, origin, is_json, length, end }))
}

/// Parts of a path; `None` of one that this server never gives out. Nothing is decoded and no part is looked up in the file system.
fn parts(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    let is_fit = |part: &&str| {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !part.starts_with('.') && part.len() <= 64 && part.bytes().all(letters)
    };
    let parts: Vec<&str> = path.split('/').collect();
    (parts.len() <= 8 && parts.iter().all(is_fit)).then(|| parts.into_iter().map(str::to_owned).collect())
}

/// Sends a response; a browser that is gone is no concern.
pub(super) fn send(stream: &mut impl Write, verb: &Verb, response: &Response) {
    let _ = stream.write_all(&response.bytes(verb)).and_then(|()| stream.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Result<Request, Response> {
        read(&mut text.as_bytes())
    }

    #[test]
    fn a_request_is_read() {
        let found = of("POST /r/ab/answer HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}rest").unwrap();
        assert_eq!(found.path, ["r", "ab", "answer"]);
        assert_eq!((found.verb, found.body.as_slice(), found.is_json), (Verb::Post, &b"{}"[..], true));
        assert_eq!(of("GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap().path, [""]);
    }

    #[test]
    fn what_is_no_request_of_ours_is_refused() {
        let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(MAX_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(MAX_HEADERS + 1));
        for (text, status) in [
            ("", 400),
            ("GET / HTTP/1.1\r\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 404),
            ("GET /%2e%2e/etc HTTP/1.1\r\nHost: a\r\n\r\n", 404),
            ("GET /r/.lock HTTP/1.1\r\nHost: a\r\n\r\n", 404),
            ("GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n", 404),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{}", 400),
            (&long, 431),
            (&many, 431),
        ] {
            assert_eq!(of(text).unwrap_err().status, status, "{}", &text[..text.len().min(60)]);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&mut bytes.as_slice());
        }

        #[test]
        fn no_path_or_header_breaks_the_reader(path in ".{0,80}", value in ".{0,40}", body in ".{0,40}") {
            let text = format!("POST /{path} HTTP/1.1\r\nHost: a\r\nContent-Length: {value}\r\n\r\n{body}");
            if let Ok(request) = of(&text) {
                prop_assert!(request.path.iter().all(|part| !part.contains("..") || !part.starts_with('.')));
            }
        }
    }
}
