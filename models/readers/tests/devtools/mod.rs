//! A browser, driven by the DevTools protocol over pipes: JSON messages with a zero byte between. No library is needed, and no port is open.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longest wait for one answer of the browser.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser without a window, and one page of it.
pub(crate) struct Browser {
    child: Child,
    pipe: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
    session: Option<String>,
    /// What pages said on their console, errors and warnings alone.
    pub(crate) complaints: VecDeque<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts chromium; `None` where there is none.
    pub(crate) fn start() -> Option<Browser> {
        let profile = tempfile::tempdir().unwrap();
        // A browser writes into the home of its user, whatever its profile is.
        let started = |program: &str| {
            let mut command = Command::new(program);
            command.env("HOME", profile.path());
            for folder in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
                command.env(folder, profile.path().join(folder));
            }
            command
        };
        let program = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            let found = started(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            found.is_ok_and(|status| status.success())
        })?;
        // The protocol is spoken on handles 3 and 4; the shell makes them of its standard input and output.
        let mut child = started("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", program])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--mute-audio",
                "--hide-scrollbars",
            ])
            .args(["--window-size=1280,800", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (pipe, output) = (child.stdin.take()?, child.stdout.take()?);
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut bytes = Vec::new();
            while output.read_until(0, &mut bytes).is_ok_and(|count| count > 0) {
                bytes.pop();
                let Ok(message) = serde_json::from_slice(&bytes) else { return };
                if sender.send(message).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
        let complaints = VecDeque::new();
        Some(Browser { child, pipe, messages, next: 0, session: None, complaints, _profile: profile })
    }

    /// Opens a page in a tab of its own, to which what follows is said.
    pub(crate) fn open(&mut self, url: &str) -> String {
        self.session = None;
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}));
        let id = target["targetId"].as_str().unwrap().to_owned();
        let attached = self.call("Target.attachToTarget", json!({"targetId": id, "flatten": true}));
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        self.turn_to(&session);
        for domain in ["Page", "Runtime", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        let size = json!({"width": 1280, "height": 760, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        self.call("Page.navigate", json!({"url": url}));
        session
    }

    /// Says what follows to a tab that `open` gave.
    pub(crate) fn turn_to(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }

    /// Calls a method of the protocol.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.pipe.write_all(&bytes).unwrap();
        loop {
            let answer =
                self.messages.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{method}: no answer"));
            self.listen(&answer);
            if answer["id"] == json!(id) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    fn listen(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("Runtime.exceptionThrown") => {
                self.complaints.push_back(params["exceptionDetails"].to_string());
            }
            Some("Log.entryAdded") if params["entry"]["level"] == "error" => {
                self.complaints.push_back(params["entry"].to_string());
            }
            _ => {}
        }
    }

    fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        self.call("Runtime.evaluate", params)
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let found = self.evaluate(expression);
        assert!(found["exceptionDetails"].is_null(), "{expression}: {found}");
        found["result"]["value"].clone()
    }

    /// Waits until an expression is true; while a page loads, it may not even make sense.
    pub(crate) fn wait(&mut self, expression: &str) {
        let start = Instant::now();
        while self.evaluate(&format!("Boolean({expression})"))["result"]["value"] != json!(true) {
            let is_early = start.elapsed() < PATIENCE;
            assert!(
                is_early,
                "never: {expression}; the page says: {}",
                self.value("document.body.innerText")
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Presses and releases a key.
    pub(crate) fn key(&mut self, key: &str) {
        self.key_with(key, 0);
    }

    /// A key with modifiers: 1 Alt, 2 Ctrl, 8 Shift.
    pub(crate) fn key_with(&mut self, key: &str, modifiers: u8) {
        let text = if key.chars().count() == 1 { key } else { "" };
        let code = match key {
            "Enter" => 13,
            "Delete" => 46,
            _ => 0,
        };
        let text = if key == "Enter" {
            "\r"
        } else if modifiers & 3 > 0 {
            ""
        } else {
            text
        };
        for kind in ["keyDown", "keyUp"] {
            let params = json!({"type": kind, "key": key, "text": if kind == "keyDown" { text } else { "" }, "windowsVirtualKeyCode": code, "modifiers": modifiers});
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Drags the mouse with a button, `left` or `right`, along corners.
    pub(crate) fn drag(&mut self, corners: &[[f64; 2]], button: &str) {
        let mut mouse = |kind: &str, [x, y]: [f64; 2]| {
            let buttons = if kind == "mouseReleased" {
                0
            } else if button == "left" {
                1
            } else {
                2
            };
            let params =
                json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1});
            self.call("Input.dispatchMouseEvent", params);
        };
        mouse("mousePressed", corners[0]);
        for pair in corners.windows(2) {
            for step in 1..=6 {
                let part = f64::from(step) / 6.0;
                mouse(
                    "mouseMoved",
                    [0, 1].map(|axis| pair[0][axis] + part * (pair[1][axis] - pair[0][axis])),
                );
            }
        }
        mouse("mouseReleased", corners[corners.len() - 1]);
    }

    /// Clicks an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let place = format!(
            "(() => {{ const b = document.querySelector({selector:?}).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        );
        let found = self.value(&place);
        let at = [0, 1].map(|axis| found[axis].as_f64().unwrap());
        self.drag(&[at], "left");
    }

    /// Keeps a picture of the page where `COXA_SCREENSHOTS` names a folder.
    pub(crate) fn screenshot(&mut self, name: &str) {
        use base64::Engine;
        let Some(folder) = std::env::var_os("COXA_SCREENSHOTS") else { return };
        let shot = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        let bytes = b"{\"id\":0,\"method\":\"Browser.close\"}\0";
        let _ = self.pipe.write_all(bytes);
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
