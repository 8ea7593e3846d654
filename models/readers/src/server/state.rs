//! What the page is told: where the reader stands, and the case to be read. Truths are not in reach of these functions.

use crate::picture::Picture;
use crate::reading::{Answer, Desk, Place};
use crate::study::{Help, NamedWindow, Scale, Study, StudyCase, WindowSetting};
use serde_json::{Value, json};

/// The study and where its reader stands.
pub(super) fn state(desk: &Desk, now_ms: u64) -> Value {
    let study = desk.study();
    let settings = &study.settings;
    let scale = match &settings.scale {
        Scale::Confidence { labels } => json!({"kind": "confidence", "labels": labels}),
        Scale::Percent {} => json!({"kind": "percent"}),
        Scale::Classes { classes, .. } => json!({"kind": "classes", "classes": classes}),
    };
    let place = match desk.place(now_ms) {
        Place::Done => json!({"at": "done"}),
        Place::Waiting { session, opens_ms } => {
            json!({"at": "waiting", "session": session + 1, "opens_ms": opens_ms})
        }
        Place::Reading { session, place } => json!({
            "at": "reading",
            "session": session + 1,
            "place": place + 1,
            "total": desk.items(session).len(),
            "done": desk.done(session),
            "case": desk.items(session)[place].case,
            "changeable": changeable(desk, session),
        }),
    };
    json!({
        "title": settings.title,
        "question": settings.question,
        "instructions": settings.instructions,
        "scale": scale,
        "marks": settings.marks,
        "sessions": desk.sessions(),
        "place": place,
    })
}

/// Cases of a session that may be changed, in their order.
fn changeable(desk: &Desk, session: usize) -> Vec<&str> {
    let may = desk.study().settings.may_change;
    let items = desk.items(session).iter().map(|item| item.case.as_str());
    items.filter(|case| may && desk.reading(session, case).is_some()).collect()
}

/// A case, with help where its method shows it, and what was said of it.
pub(super) fn case(desk: &Desk, case: &StudyCase, now_ms: u64) -> Option<Value> {
    let study = desk.study();
    let Place::Reading { session, .. } = desk.place(now_ms) else { return None };
    let item = desk.may_see(&case.id, now_ms)?;
    let method = study.settings.method(&item.method)?;
    let help = method.help.then(|| help(&case.help));
    let earlier: Option<&Answer> = desk
        .draft(session, &case.id)
        .map(|draft| &draft.answer)
        .or_else(|| desk.reading(session, &case.id).map(|reading| &reading.answer));
    Some(json!({
        "case": case.id,
        "session": session + 1,
        "method": method.name,
        "pictures": case.pictures.iter().map(|picture| picture.size).collect::<Vec<_>>(),
        "help": help,
        "answer": earlier,
        "submitted": desk.reading(session, &case.id).is_some(),
    }))
}

fn help(help: &Help) -> Value {
    json!({"text": help.text, "picture": help.picture.as_ref().map(|picture| picture.size), "marks": help.marks})
}

/// A picture without its pixels.
pub(super) fn picture(study: &Study, picture: &Picture) -> Value {
    let [low, high] = picture.range;
    let range = [(low + high) / 2.0, (high - low).max(picture.slope)];
    let window = match study.settings.window {
        WindowSetting::Fixed(window) => window,
        WindowSetting::Named(NamedWindow::Range) => range,
        WindowSetting::Named(NamedWindow::Image) | WindowSetting::Default => picture.window.unwrap_or(range),
    };
    json!({
        "size": picture.size,
        "slope": picture.slope,
        "intercept": picture.intercept,
        "window": window,
        "range": range,
        "inverted": picture.inverted,
        "spacing_mm": picture.spacing_mm,
        "edges": picture.edges.map(|edges| edges.iter().collect::<String>()),
    })
}
