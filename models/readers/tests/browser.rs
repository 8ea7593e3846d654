//! The page in a real browser, read as a reader would read it.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod devtools;
mod support;

use coxa_readers::mark::MarksWanted;
use coxa_readers::reading::read_log;
use coxa_readers::server::{Clock, Handle, Server};
use devtools::Browser;
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that the test sets.
fn clock(at: &Arc<AtomicU64>) -> Clock {
    let at = Arc::clone(at);
    Arc::new(move || at.load(Ordering::SeqCst))
}

fn serve(folder: &Path, at: &Arc<AtomicU64>) -> (Handle, String) {
    let address: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(&folder.join("study"), address, clock(at)).unwrap();
    let url = server.links()[0].url.clone();
    (server.spawn().unwrap(), url)
}

const READY: &str =
    "document.querySelector('#cover').hidden && viewer.picture && document.querySelector('#loading').hidden";

/// Changes the window by mouse and key, zooms, and puts all back.
fn look(browser: &mut Browser) {
    // Window by mouse, then by key; zoom and reset.
    let window = browser.value("viewer.picture.window");
    browser.drag(&[[500.0, 400.0], [600.0, 450.0]], "right");
    let dragged = browser.value("viewer.picture.window");
    assert!(dragged[1].as_f64() > window[1].as_f64() && dragged[0] != window[0], "{window} {dragged}");
    browser.key("[");
    assert!(browser.value("viewer.picture.window")[1].as_f64() < dragged[1].as_f64());
    browser.key("+");
    assert_eq!(browser.value("viewer.picture.zoom"), json!(1.25));
    browser.key("r");
    assert_eq!(browser.value("viewer.picture.window"), window);
}

/// Draws, undoes, moves and removes marks; one box with the rating 5 is left, and the answer 4.
fn draw(browser: &mut Browser) {
    // A box with the mouse; it wants a rating before the case is submitted.
    browser.drag(&[[420.0, 300.0], [500.0, 380.0]], "left");
    assert_eq!(browser.value("marks.list.length"), json!(1));
    browser.key("Escape");
    browser.key("4");
    assert_eq!(browser.value("[current.rating, marks.list[0].rating]"), json!([4, null]));
    browser.key("Enter");
    assert_eq!(browser.value("$('fault').textContent"), json!("Please rate mark 1, or remove it."));
    browser.key("5");
    assert_eq!(browser.value("[current.rating, marks.list[0].rating]"), json!([4, 5]));
    // A contour is drawn and undone; a line that encloses nothing is none.
    browser.key("c");
    browser.drag(&[[600.0, 300.0], [680.0, 320.0], [640.0, 400.0], [602.0, 310.0]], "left");
    assert_eq!(browser.value("[marks.list.length, marks.list[1].kind]"), json!([2, "contour"]));
    browser.screenshot("3-marked");
    browser.key_with("z", 2);
    assert_eq!(browser.value("marks.list.length"), json!(1));
    browser.drag(&[[600.0, 300.0], [680.0, 320.0]], "left");
    assert_eq!(browser.value("marks.list.length"), json!(1));
    // A box by keys, moved and made smaller, and removed.
    browser.key_with("B", 8);
    let before = browser.value("marks.list[1].points");
    browser.key_with("ArrowRight", 1);
    let moved = browser.value("marks.list[1].points");
    assert!(moved[0][0].as_f64() > before[0][0].as_f64(), "{before} {moved}");
    browser.key_with("ArrowUp", 9);
    let smaller = browser.value("marks.list[1].points");
    assert!(smaller[0] == moved[0] && smaller[1][1].as_f64() < moved[1][1].as_f64(), "{moved} {smaller}");
    browser.key("Delete");
    assert_eq!(browser.value("marks.list.length"), json!(1));
    browser.key("b");
    browser.wait("$('saved').textContent === 'Kept'");
}

/// A second tab is told of the first, takes over, and is the one that goes on.
fn take_over(browser: &mut Browser, url: &str, first: &str) {
    // A second tab is told, and may take over; then the first is told.
    let second = browser.open(url);
    browser.wait("!document.querySelector('#cover-button').hidden");
    browser.click("#cover-button");
    browser.wait("$('cover-title').textContent === 'Open in another tab'");
    browser.screenshot("5-other-tab");
    browser.click("#cover-button");
    browser.wait(READY);
    browser.turn_to(first);
    browser.wait("$('cover-title').textContent === 'Open in another tab'");
    browser.turn_to(&second);
}

#[test]
fn three_cases_are_read_as_a_reader_would() {
    let Some(mut browser) = Browser::start() else {
        coxa_test_support::skip("no chromium is installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    support::study(folder.path(), 4, |settings| settings.marks = MarksWanted::Both);
    let at = Arc::new(AtomicU64::new(1_700_000_000_000));
    let (server, url) = serve(folder.path(), &at);
    let first = browser.open(&url);
    browser.wait("!document.querySelector('#cover-button').hidden");
    browser.screenshot("1-start");
    browser.click("#cover-button");
    browser.wait(READY);
    // The picture is there: pixels of many greys.
    let greys = "new Set(viewer.buffer.getContext('2d').getImageData(0, 150, 320, 1).data).size";
    assert!(browser.value(greys).as_u64().unwrap() > 20);
    browser.screenshot("2-case");
    look(&mut browser);
    draw(&mut browser);
    // Reloaded, it is as it was.
    let case = browser.value("current.case");
    browser.call("Page.reload", json!({}));
    browser.wait(
        "document.readyState === 'complete' && !document.querySelector('#cover-button').hidden && !current",
    );
    browser.click("#cover-button");
    browser.wait(READY);
    assert_eq!(browser.value("[current.case, current.rating, marks.list[0].rating]"), json!([case, 4, 5]));
    // Three cases, each with a key.
    for done in 1..=3u64 {
        if done > 1 {
            browser.key("2");
        }
        browser.key("Enter");
        browser.wait(&format!("{READY} && $('progress').value === {done} && current"));
    }
    // With help, and the one of two pictures: whichever case is on screen now, walk to what is wanted.
    browser.screenshot("4-later");
    let readings = read_log(&folder.path().join("study/readings/anna.jsonl")).unwrap().0;
    assert_eq!(readings.len(), 3);
    assert_eq!((json!(readings[0].case), readings[0].answer.rating), (case, Some(4.0)));
    assert_eq!(readings[0].answer.marks[0].rating, Some(5.0));
    assert!(readings.iter().all(|reading| reading.answer.seconds > 0.0 && reading.answer.seconds < 60.0));

    take_over(&mut browser, &url, &first);
    // The last case ends the session; the next opens after the wash-out.
    browser.key("1");
    browser.key("Enter");
    browser.wait("$('cover-title').textContent === 'Session 1 of 2 is complete'");
    browser.screenshot("6-washout");
    at.fetch_add(28 * 86_400_000 - 1, Ordering::SeqCst);
    browser.call("Page.reload", json!({}));
    browser.wait("$('cover-title').textContent === 'Session 1 of 2 is complete'");
    at.fetch_add(1, Ordering::SeqCst);
    browser.call("Page.reload", json!({}));
    browser.wait("$('cover-text').textContent.includes('Session 2 of 2')");
    // The conflict of tabs is the one complaint.
    let complaints: Vec<&String> = browser.complaints.iter().filter(|text| !text.contains("409")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
    drop(server);
}

#[test]
fn a_stack_is_read_with_wheel_map_and_percent() {
    let Some(mut browser) = Browser::start() else {
        coxa_test_support::skip("no chromium is installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    support::stacks(folder.path());
    let at = Arc::new(AtomicU64::new(1_700_000_000_000));
    let (server, url) = serve(folder.path(), &at);
    browser.open(&url);
    browser.wait("!document.querySelector('#cover-button').hidden");
    browser.key("Enter");
    browser.wait(READY);
    // Bone is white and air is black; the edges say where the patient lies.
    let grey = |x: u32| format!("viewer.buffer.getContext('2d').getImageData({x}, 40, 1, 1).data[0]");
    assert_eq!(browser.value(&grey(0)), json!(0));
    assert!(browser.value(&grey(48 + 21)).as_u64().unwrap() > 200);
    assert_eq!(
        browser.value("['left','right','top','bottom'].map(e => $('edge-' + e).textContent).join('')"),
        json!("RLAP")
    );
    browser.wait("map && map.painted > 0");
    browser.screenshot("7-stack");
    // Slices by wheel, keys and slider.
    let slice = browser.value("viewer.picture.slice").as_u64().unwrap();
    let wheel = json!({"type": "mouseWheel", "x": 400, "y": 400, "deltaX": 0, "deltaY": 100});
    browser.call("Input.dispatchMouseEvent", wheel);
    browser.wait(&format!("viewer.picture.slice === {}", slice + 1));
    browser.key("ArrowUp");
    browser.key("PageUp");
    browser.wait("viewer.picture.slice === 1 && $('slice').value === '1'");
    browser.key("PageDown");
    browser.wait("viewer.picture.slice === 11");
    browser.key("h");
    assert_eq!(browser.value("$('help-shown').checked"), json!(false));
    // A digit begins a number in the field; a mark wants its own.
    browser.key("7");
    browser.key("5");
    assert_eq!(browser.value("current.rating"), json!(75));
    browser.drag(&[[400.0, 300.0], [480.0, 310.0], [440.0, 400.0], [402.0, 310.0]], "left");
    assert_eq!(browser.value("[marks.list.length, marks.list[0].slice]"), json!([1, 11]));
    browser.key("9");
    browser.key("0");
    browser.screenshot("8-percent");
    // The number that is being typed counts.
    browser.key("Enter");
    browser.wait(&format!("$('progress').value === 1 && {READY}"));
    // Back to the first, which may be changed.
    browser.click("#previous");
    browser.wait(&format!("{READY} && current.submitted"));
    assert_eq!(browser.value("[current.rating, marks.list[0].rating]"), json!([75, 90]));
    browser.value("rate(20)");
    std::thread::sleep(Duration::from_millis(50));
    browser.key("?");
    browser.screenshot("9-keys");
    browser.value("$('keys').close()");
    browser.click("#next");
    browser.wait(&format!("{READY} && !current.submitted"));
    let readings = read_log(&folder.path().join("study/readings/anna.jsonl")).unwrap().0;
    let told: Vec<_> = readings.iter().map(|reading| (reading.revision, reading.answer.rating)).collect();
    assert_eq!(told, [(0, Some(75.0)), (1, Some(20.0))]);
    assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    drop(server);
}
