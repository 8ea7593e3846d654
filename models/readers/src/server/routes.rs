//! Which request is answered with what.

use super::assets::{PAGE, asset};
use super::cache::Cache;
use super::http::{Request, Response, Verb};
use super::state;
use crate::reading::{Answer, Desk, DeskError, Place};
use crate::study::{Study, StudyPicture};
use serde::Deserialize;
use serde_json::json;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A reader with the secret part of the link.
#[derive(Debug)]
pub(super) struct Seat {
    /// Secret part of the link.
    pub(super) token: String,
    /// The reader's desk.
    pub(super) desk: Mutex<Desk>,
}

/// All that requests need.
#[derive(Debug)]
pub(super) struct App {
    /// The study.
    pub(super) study: Arc<Study>,
    /// Readers.
    pub(super) seats: Vec<Seat>,
    /// Decoded pictures.
    pub(super) cache: Arc<Cache>,
    /// Whether the server listens on this machine alone.
    pub(super) is_local: bool,
}

/// What a page sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    tab: String,
    #[serde(default)]
    take: bool,
    #[serde(default)]
    session: usize,
    #[serde(default)]
    case: String,
    #[serde(default)]
    answer: Option<Answer>,
}

impl App {
    /// Answers a request.
    pub(super) fn answer(&self, request: &Request, now_ms: u64) -> Response {
        if let Some(refused) = self.refuse(request) {
            return refused;
        }
        let parts: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let is_read = request.verb != Verb::Post;
        match (&parts[..], is_read) {
            (["assets", name], true) => asset(name).unwrap_or_else(missing),
            (["r", token, rest @ ..], _) => match self.seat(token) {
                Some(seat) => self.of_reader(seat, rest, request, now_ms),
                None => Response::text(404, "this link belongs to no reader; ask who sent it"),
            },
            (["favicon.ico"], true) => Response::text(204, ""),
            ([""], true) => {
                Response::text(200, "A reader study. Each reader has a link of their own; ask for yours.")
            }
            _ => missing(),
        }
    }

    /// Refuses what another site may have made the browser send.
    fn refuse(&self, request: &Request) -> Option<Response> {
        let name = request.host.rsplit_once(':').map_or(request.host.as_str(), |(name, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { &request.host }
        });
        // A name of someone else that points here (DNS rebinding).
        if self.is_local && !["localhost", "127.0.0.1", "[::1]"].contains(&name) {
            return Some(Response::text(403, "this server answers on this machine alone"));
        }
        if request.verb != Verb::Post {
            return None;
        }
        let own = format!("http://{}", request.host);
        if request.origin.as_ref().is_some_and(|origin| *origin != own) {
            return Some(Response::text(403, "the request comes from another site"));
        }
        (!request.is_json).then(|| Response::text(400, "JSON is wanted"))
    }

    /// The reader of a token, in the same time whichever it is.
    fn seat(&self, token: &str) -> Option<&Seat> {
        let differ = |own: &str| {
            let pairs = own.bytes().zip(token.bytes());
            own.len() != token.len() || pairs.fold(0, |found, (a, b)| found | (a ^ b)) != 0
        };
        self.seats.iter().fold(None, |found, seat| if differ(&seat.token) { found } else { Some(seat) })
    }

    fn of_reader(&self, seat: &Seat, rest: &[&str], request: &Request, now_ms: u64) -> Response {
        let desk = || seat.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if request.verb == Verb::Post {
            return match rest {
                [what] => write(what, &mut desk(), &request.body, now_ms),
                _ => missing(),
            };
        }
        match rest {
            [""] => Response::new(200, "text/html; charset=utf-8", PAGE),
            ["state"] => Response::json(200, &state::state(&desk(), now_ms)),
            ["case", id] => {
                let desk = desk();
                let found = self.study.case(id).and_then(|case| state::case(&desk, case, now_ms));
                self.prepare_next(&desk, now_ms);
                found.map_or_else(missing, |case| Response::json(200, &case))
            }
            [kind @ ("picture" | "help"), id, place, rest @ ..] => {
                let Some(picture) = self.picture(&desk(), kind, id, place, now_ms) else { return missing() };
                self.pixels(picture, rest)
            }
            _ => missing(),
        }
    }

    /// Decodes the pictures of the case after the one on screen while that is read.
    fn prepare_next(&self, desk: &Desk, now_ms: u64) {
        let Place::Reading { session, place } = desk.place(now_ms) else { return };
        let next = desk.items(session).get(place + 1).and_then(|item| self.study.case(&item.case));
        if let Some(case) = next {
            self.cache.ahead(&self.study, case.pictures.clone());
        }
    }

    /// The picture that a path names, where the reader may see it now.
    fn picture(
        &self,
        desk: &MutexGuard<'_, Desk>,
        kind: &str,
        id: &str,
        place: &str,
        now_ms: u64,
    ) -> Option<&StudyPicture> {
        let item = desk.may_see(id, now_ms)?;
        let case = self.study.case(id)?;
        let place: usize = place.parse().ok()?;
        if kind == "picture" {
            return case.pictures.get(place.checked_sub(1)?);
        }
        let has_help = self.study.settings.method(&item.method)?.help;
        case.help.picture.as_ref().filter(|_| has_help && place == 1)
    }

    fn pixels(&self, picture: &StudyPicture, rest: &[&str]) -> Response {
        let opened = match self.cache.get(&self.study, picture) {
            Ok(opened) => opened,
            Err(error) => return Response::text(500, &error.to_string()),
        };
        match rest {
            [] => Response::json(200, &state::picture(&self.study, &opened)),
            [slice] => {
                let bytes = slice.parse().ok().and_then(|slice| opened.slice_bytes(slice));
                bytes.map_or_else(missing, |bytes| Response::new(200, "application/octet-stream", bytes))
            }
            _ => missing(),
        }
    }
}

/// What a page sends is taken up.
fn write(what: &str, desk: &mut Desk, body: &[u8], now_ms: u64) -> Response {
    let sent: Sent = match serde_json::from_slice(body) {
        Ok(sent) => sent,
        Err(error) => {
            return Response::json(
                400,
                &json!({"error": format!("the page sent what cannot be read: {error}")}),
            );
        }
    };
    let Sent { tab, take, session, case, answer } = sent;
    let done = match (what, answer) {
        ("claim", _) => desk.claim(&tab, take, now_ms),
        ("beat", _) => desk.beat(&tab, now_ms),
        ("release", answer) => {
            // The last word of a page that is closed.
            let kept =
                answer.map_or(Ok(()), |answer| desk.keep_draft(&tab, session, &case, Some(answer), now_ms));
            desk.release(&tab);
            kept
        }
        ("draft", answer) => desk.keep_draft(&tab, session, &case, answer, now_ms),
        ("answer", Some(answer)) => desk.submit(&tab, session, &case, answer, now_ms),
        ("answer", None) => Err(DeskError::Refused("an answer is wanted".to_owned())),
        _ => return missing(),
    };
    match done {
        Ok(()) => Response::json(200, &json!({"ok": true})),
        Err(error @ DeskError::OtherTab) => {
            Response::json(409, &json!({"error": error.to_string(), "other_tab": true}))
        }
        Err(error @ DeskError::Refused(_)) => Response::json(400, &json!({"error": error.to_string()})),
        Err(error @ DeskError::Failed(_)) => Response::json(500, &json!({"error": error.to_string()})),
    }
}

fn missing() -> Response {
    Response::text(404, "there is no such page")
}
