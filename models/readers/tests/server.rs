//! The server over its socket: what it answers, and what it never does.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod support;

use coxa_readers::server::{Handle, Server, system_clock};
use coxa_readers::study::Study;
use proptest::prelude::*;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

struct Served {
    _folder: tempfile::TempDir,
    handle: Handle,
    study: Study,
    token: String,
}

fn served() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 4, |_| {});
    let address: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(study.folder(), address, system_clock()).unwrap();
    let token = server.links()[0].url.rsplit('/').nth(1).unwrap().to_owned();
    Served { handle: server.spawn().unwrap(), study, token, _folder: folder }
}

/// Sends bytes and gives all that comes back.
fn raw(served: &Served, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(served.handle.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// Status, head and body of an answer.
fn ask(served: &Served, method: &str, path: &str, headers: &str, body: &str) -> (u16, String, Vec<u8>) {
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    let answer = raw(served, text.as_bytes());
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (head[9..12].parse().unwrap(), head, answer[end + 4..].to_vec())
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn a_case_is_read_over_the_socket_and_nothing_hidden_is_told() {
    let served = served();
    let root = format!("/r/{}", served.token);
    let get = |path: &str| ask(&served, "GET", &format!("{root}/{path}"), "", "");
    let (status, head, body) = get("");
    assert_eq!(status, 200);
    for wanted in [
        "content-security-policy: default-src 'none'",
        "nosniff",
        "x-frame-options: deny",
        "no-store",
        "no-referrer",
    ] {
        assert!(head.to_lowercase().contains(wanted), "{head}");
    }
    assert!(String::from_utf8(body).unwrap().contains("<canvas"));
    let state: serde_json::Value = serde_json::from_slice(&get("state").2).unwrap();
    let case = state["place"]["case"].as_str().unwrap().to_owned();
    let told: serde_json::Value = serde_json::from_slice(&get(&format!("case/{case}")).2).unwrap();
    let (status, _, pixels) = get(&format!("picture/{case}/1/1"));
    assert_eq!((status, pixels.len()), (200, 320 * 400 * 2));
    // Neither truths nor names from home are in anything that the page gets.
    let all = format!("{state}{told}{}", String::from_utf8(get(&format!("picture/{case}/1")).2).unwrap());
    for hidden in ["truth", "patient", "case-", "film", "score"] {
        assert!(!all.contains(hidden), "{hidden} in {all}");
    }
    // Help is told with help alone.
    let is_helped = told["method"] == "with";
    assert_eq!(told["help"].is_null(), !is_helped);
    let other = served.study.worklists[0].sessions[0][2].case.clone();
    for path in [
        format!("case/{other}"),
        format!("picture/{other}/1/1"),
        format!("picture/{case}/2"),
        format!("picture/{case}/1/2"),
        format!("picture/{case}/0"),
        format!("help/{case}/1"),
        "hidden/truth.json".into(),
        "case/".into(),
        "other".into(),
    ] {
        assert_eq!(get(&path).0, 404, "{path}");
    }
    let post = |path: &str, body: &str| ask(&served, "POST", &format!("{root}/{path}"), JSON, body);
    assert_eq!(post("claim", r#"{"tab":"a"}"#).0, 200);
    let (status, _, body) = post("claim", r#"{"tab":"b"}"#);
    assert_eq!((status, String::from_utf8(body).unwrap().contains("\"other_tab\":true")), (409, true));
    let answer = format!(
        r#"{{"tab":"a","session":1,"case":"{case}","answer":{{"rating":4,"seconds":2.5,"away_seconds":0}}}}"#
    );
    assert_eq!(post("answer", &answer).0, 200);
    assert_eq!(post("answer", &answer).0, 400);
    let kept = std::fs::read_to_string(served.study.readings().join("anna.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 1);
}

#[test]
fn strangers_and_other_sites_are_refused() {
    let served = served();
    let root = format!("/r/{}", served.token);
    let wrong = format!("/r/{}/state", "0".repeat(32));
    assert_eq!(ask(&served, "GET", &wrong, "", "").0, 404);
    assert_eq!(ask(&served, "GET", "/r/short/state", "", "").0, 404);
    let claim = format!("{root}/claim");
    assert_eq!(
        ask(
            &served,
            "POST",
            &claim,
            "Origin: http://elsewhere\r\nContent-Type: application/json\r\n",
            r#"{"tab":"a"}"#
        )
        .0,
        403
    );
    assert_eq!(ask(&served, "POST", &claim, "Content-Type: text/plain\r\n", r#"{"tab":"a"}"#).0, 400);
    let rebound = format!("GET {root}/state HTTP/1.1\r\nHost: elsewhere:80\r\n\r\n");
    assert!(raw(&served, rebound.as_bytes()).starts_with(b"HTTP/1.1 403"));
    // A second server is told of the first.
    let address: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let second = Server::bind(served.study.folder(), address, system_clock()).unwrap_err().to_string();
    assert!(second.contains("served already"), "{second}");
}

#[test]
fn the_server_outlives_whatever_is_sent() {
    let served = served();
    let root = format!("/r/{}", served.token);
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 150, ..ProptestConfig::default() });
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    let words = prop::sample::select(vec![
        "state",
        "case",
        "picture",
        "help",
        "claim",
        "draft",
        "answer",
        "beat",
        "release",
        "..",
        "%2e%2e",
        "-1",
        "0",
        "1",
        "99999999999999999999999",
        "hidden",
        "truth.json",
        "",
        "a",
        "\u{e9}",
    ]);
    let path = prop::collection::vec(words, 0..5);
    let json = prop::sample::select(vec![
        "",
        "{",
        "[]",
        "null",
        r#"{"tab":1}"#,
        r#"{"tab":"a","session":-1}"#,
        r#"{"tab":"a","session":18446744073709551615,"case":"x"}"#,
        r#"{"tab":"a","session":0,"case":"","answer":{"seconds":1e999,"away_seconds":0}}"#,
        r#"{"tab":"a","session":1,"case":"x","answer":{"rating":1e308,"seconds":0,"away_seconds":0,"marks":[]}}"#,
    ]);
    let case = served.study.worklists[0].sessions[0][0].case.clone();
    runner
        .run(&(bytes, path, json, any::<bool>()), |(bytes, path, json, is_post)| {
            let _ = raw(&served, &bytes);
            let method = if is_post { "POST" } else { "GET" };
            let json = json.replace("\"x\"", &format!("\"{case}\""));
            let (status, ..) = ask(&served, method, &format!("{root}/{}", path.join("/")), JSON, &json);
            prop_assert!([200, 400, 404, 409].contains(&status), "{status} of {method} {path:?} {json}");
            Ok(())
        })
        .unwrap();
    assert_eq!(ask(&served, "GET", &format!("{root}/state"), "", "").0, 200);
}
