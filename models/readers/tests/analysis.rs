//! Analyses from tables and from studies that are read through the server's desk.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod support;

use coxa_readers::analysis::{analyse, from_study, from_table, html, with_marks, with_module};
use coxa_readers::mark::MarksWanted;
use coxa_readers::reading::{Answer, Desk, DeskError, Place, read_log};
use coxa_readers::study::{NewStudy, Scale, Study, StudySettings, create};
use coxa_statistics::Ratings;
use std::path::Path;
use std::sync::Arc;

/// Whether a number is what was printed, to the last digit.
fn printed(found: f64, expected: &str) {
    let digits = expected.split_once('.').map_or(0, |(_, digits)| digits.len());
    assert_eq!(format!("{found:.digits$}"), expected);
}

#[test]
fn van_dyke_is_as_two_packages_print_it() {
    let Some(path) = coxa_test_support::reference_data("test-only/reader-studies/vandyke.csv") else {
        return;
    };
    let analysis = analyse(&from_table(&path).unwrap()).unwrap();
    let value = serde_json::to_value(&analysis).unwrap();
    let auc = [
        "0.9196457327",
        "0.8587761675",
        "0.9038647343",
        "0.9731078905",
        "0.8297906602",
        "0.9478260870",
        "0.9053140097",
        "0.9217391304",
        "0.9993558776",
        "0.9299516908",
    ];
    assert_eq!(value["auc"].as_array().unwrap().len(), auc.len());
    auc.iter()
        .enumerate()
        .for_each(|(place, expected)| printed(value["auc"][place].as_f64().unwrap(), expected));
    let jackknife = [
        ("var", "0.00080228827"),
        ("cov1", "0.00034661371"),
        ("cov2", "0.00034407483"),
        ("cov3", "0.00023902837"),
        ("f", "4.456319"),
        ("df2", "15.25967"),
        ("p", "0.0516657"),
    ];
    let delong = [
        ("var", "0.00079213245"),
        ("cov1", "0.00034200896"),
        ("cov2", "0.00033952653"),
        ("cov3", "0.00023584965"),
        ("f", "4.484854"),
        ("df2", "15.06611"),
        ("p", "0.0512330"),
    ];
    for (name, expected) in [("jackknife", jackknife), ("delong", delong)] {
        for (key, expected) in expected {
            printed(value[name][key].as_f64().unwrap(), expected);
        }
    }
    // Other orders of rows and columns, and another separator, are the same study.
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.trim().split(',').collect();
            [cells[4], cells[2], cells[0], cells[3], cells[1]].join(";")
        })
        .collect();
    lines[1..].reverse();
    let folder = tempfile::tempdir().unwrap();
    let turned = folder.path().join("vandyke.csv");
    std::fs::write(&turned, lines.join("\r\n")).unwrap();
    assert_eq!(analyse(&from_table(&turned).unwrap()).unwrap(), analysis);
    // Numbers of the page are those of the analysis.
    let page = html(&analysis);
    assert!(page.contains("0.9196 (") && page.contains("p = 0.0517") && page.contains("<svg"));
    // Nothing is fetched: the one address names the language of the drawings.
    assert_eq!(page.matches("http").count(), page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
}

#[test]
fn mistakes_of_a_table_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.csv");
    let head = "reader,treatment,case,truth,rating\n";
    for (rows, expected) in [
        ("1,1,1,0,1\n1,1,1,0,2\n", "row 3, column case: reader, treatment and case are those of row 2"),
        ("1,1,1,0,1\n2,1,1,1,2\n", "row 3, column truth: two truths for one case: 1 here and 0 in row 2"),
        ("1,1,1,2,1\n", "row 2, column truth: 0 or 1 is wanted"),
        ("1,1,1,0,high\n", "row 2, column rating: a number is wanted and \"high\" found"),
        ("1,1,1,0,\n", "row 2, column rating: it is empty"),
        (",1,1,0,1\n", "row 2, column reader: it is empty"),
        ("1,1,1,0,1\n1,1,2,0,2\n", "all cases are without disease"),
        ("", "there are no readings"),
    ] {
        std::fs::write(&path, format!("{head}{rows}")).unwrap();
        let found = from_table(&path).and_then(|data| analyse(&data)).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
}

const DAY_MS: u64 = 86_400_000;

/// Reads all that is on a desk; gives the time at the end.
fn read_all(desk: &mut Desk, mut now: u64, answer: impl Fn(&str, &str) -> Answer) -> u64 {
    desk.claim("tab", false, now).unwrap();
    loop {
        match desk.place(now) {
            Place::Done => return now,
            Place::Waiting { opens_ms, .. } => now = opens_ms,
            Place::Reading { session, place } => {
                let item = desk.items(session)[place].clone();
                desk.keep_draft("tab", session + 1, &item.case, None, now).unwrap();
                now += 5000;
                desk.submit("tab", session + 1, &item.case, answer(&item.case, &item.method), now).unwrap();
            }
        }
    }
}

fn desk(study: &Study, reader: usize) -> Desk {
    Desk::open(&Arc::new(study.clone()), reader).unwrap()
}

fn rated(rating: f64, seconds: f64) -> Answer {
    Answer { rating: Some(rating), seconds, ..Answer::default() }
}

#[test]
fn a_study_is_analysed_as_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 8, |_| {});
    let truths: Vec<(String, bool)> =
        study.hidden().unwrap().into_iter().map(|case| (case.id, case.truth == "1")).collect();
    let is_diseased = |case: &str| truths.iter().any(|(id, is)| id == case && *is);
    for reader in 0..2 {
        // With help all are right; without, the first two diseased cases by name are missed.
        let missed: Vec<&String> = truths.iter().filter(|(_, is)| *is).map(|(id, _)| id).take(2).collect();
        let answer = |case: &str, method: &str| {
            let is_missed = method == "without" && missed.iter().any(|id| *id == case);
            rated(
                if is_diseased(case) && !is_missed { 5.0 } else { 1.0 + reader as f64 },
                if method == "with" { 4.0 } else { 6.0 },
            )
        };
        let end = read_all(&mut desk(&study, reader), 1000, answer);
        assert!(end > 28 * DAY_MS);
    }
    let data = from_study(&folder.path().join("study")).unwrap();
    let analysis = analyse(&data).unwrap();
    let areas = analysis.areas.as_ref().unwrap();
    // Of four diseased cases two tie with those without: (2 + 2 / 2) / 4.
    assert_eq!(areas.auc, [0.75, 0.75, 1.0, 1.0]);
    assert_eq!((analysis.cases, analysis.diseased, analysis.readings), (8, Some(4), 32));
    let operating = analysis.operating.as_ref().unwrap();
    assert_eq!(operating.threshold, 4.0);
    assert_eq!(operating.sensitivity.by_reader, [0.5, 0.5, 1.0, 1.0]);
    assert_eq!(operating.specificity.by_reader, [1.0; 4]);
    let time = analysis.time.as_ref().unwrap();
    assert_eq!(time.by_method[0].quartiles_s, [6.0; 3]);
    assert!((time.ratios[0].ratio.value - 4.0 / 6.0).abs() < 1e-12);
    assert!(analysis.notes.is_empty(), "{:?}", analysis.notes);
    assert!(html(&analysis).contains("Hip fracture on the radiograph"));
}

#[test]
fn classes_are_compared_with_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 6, |settings| {
        settings.scale =
            Scale::Classes { classes: ["0", "1", "2"].map(str::to_owned).to_vec(), ordered: true };
    });
    let hidden = study.hidden().unwrap();
    for reader in 0..2 {
        let answer = |case: &str, method: &str| {
            let truth = &hidden.iter().find(|hidden| hidden.id == case).unwrap().truth;
            let class = if method == "without" && case == hidden[0].id { "2" } else { truth };
            Answer { class: Some(class.to_owned()), seconds: 1.0, ..Answer::default() }
        };
        read_all(&mut desk(&study, reader), 1000, answer);
    }
    let analysis = analyse(&from_study(&folder.path().join("study")).unwrap()).unwrap();
    assert!(analysis.areas.is_none());
    let right: Vec<f64> = analysis.classes.iter().map(|row| row.accuracy.value).collect();
    assert_eq!(right, [5.0 / 6.0, 5.0 / 6.0, 1.0, 1.0]);
    assert!(analysis.agreement.pairs.iter().all(|pair| pair.kappa.as_ref().unwrap().value > 0.999));
    assert!(html(&analysis).contains("Readers against the truth"));
}

#[test]
fn desks_hold_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 4, |settings| settings.washout_days = 2.0);
    let mut anna = desk(&study, 0);
    let first = anna.items(0)[0].case.clone();
    let second = anna.items(0)[1].case.clone();
    let refused = |result: Result<(), DeskError>| match result.unwrap_err() {
        DeskError::Refused(text) => text,
        other => panic!("{other}"),
    };
    anna.claim("a", false, 0).unwrap();
    assert!(matches!(anna.claim("b", false, 19_999), Err(DeskError::OtherTab)));
    assert!(matches!(anna.submit("b", 1, &first, rated(3.0, 1.0), 0), Err(DeskError::OtherTab)));
    assert_eq!(refused(anna.submit("a", 1, &second, rated(3.0, 1.0), 1)), "it is not this case's turn");
    assert!(anna.may_see(&first, 1).is_some() && anna.may_see(&second, 1).is_none());
    assert!(refused(anna.submit("a", 1, &first, rated(6.0, 1.0), 1)).contains("from 1 to 5"));
    assert!(refused(anna.submit("a", 1, &first, Answer::default(), 1)).contains("a rating is wanted"));
    assert!(refused(anna.submit("a", 1, &first, rated(3.0, f64::NAN), 1)).contains("seconds"));
    assert!(refused(anna.submit("a", 2, &first, rated(3.0, 1.0), 1)).contains("session"));
    anna.keep_draft("a", 1, &first, Some(rated(2.0, 1.0)), 5).unwrap();
    // A desk that is opened again has the draft, and the tab is free.
    let mut anna = desk(&study, 0);
    assert_eq!(anna.draft(0, &first).unwrap().answer.rating, Some(2.0));
    anna.claim("c", false, 10).unwrap();
    anna.submit("c", 1, &first, rated(3.0, 1.0), 10).unwrap();
    assert!(refused(anna.submit("c", 1, &first, rated(4.0, 1.0), 11)).contains("cannot be changed"));
    assert!(anna.may_see(&first, 11).is_none());
    let kept = read_log(&study.readings().join("anna.jsonl")).unwrap().0;
    assert_eq!((kept.len(), kept[0].shown_ms, kept[0].submitted_ms), (1, 5, 10));
    // The wash-out begins with the last answer.
    let mut anna = desk(&study, 0);
    for place in 1..4 {
        let case = anna.items(0)[place].case.clone();
        anna.submit("d", 1, &case, rated(1.0, 1.0), 100).unwrap();
    }
    let opens_ms = 100 + 2 * DAY_MS;
    assert_eq!(anna.place(opens_ms - 1), Place::Waiting { session: 1, opens_ms });
    assert_eq!(anna.place(opens_ms), Place::Reading { session: 1, place: 0 });
    let next = anna.items(1)[0].case.clone();
    assert!(refused(anna.submit("d", 2, &next, rated(1.0, 1.0), opens_ms - 1)).contains("not open"));
    // A clock that is set back closes a session that began no more.
    anna.submit("d", 2, &next, rated(1.0, 1.0), opens_ms).unwrap();
    assert_eq!(anna.place(200), Place::Reading { session: 1, place: 1 });
}

#[test]
fn answers_may_be_changed_where_the_study_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 4, |settings| settings.may_change = true);
    let mut anna = desk(&study, 0);
    let first = anna.items(0)[0].case.clone();
    anna.submit("a", 1, &first, rated(1.0, 1.0), 1).unwrap();
    anna.submit("a", 1, &first, rated(5.0, 2.0), 2).unwrap();
    assert_eq!(anna.reading(0, &first).unwrap().revision, 1);
    assert_eq!(anna.place(3), Place::Reading { session: 0, place: 1 });
    let data = from_study(Path::new(study.folder())).unwrap();
    assert_eq!(data.rows.iter().map(|row| row.rating).collect::<Vec<_>>(), [5.0]);
    assert!(data.notes.iter().any(|note| note == "anna has read 1 of 8"), "{:?}", data.notes);
}

#[test]
fn marks_and_a_module_are_analysed() {
    let folder = tempfile::tempdir().unwrap();
    let films = folder.path().join("films");
    coxa_readers::example::write(&films, 1).unwrap();
    let mut settings = StudySettings::new("Lesions", &["anna".to_owned(), "ben".to_owned()]);
    settings.marks = MarksWanted::Boxes;
    let (table, place) = (films.join("cases.csv"), folder.path().join("study"));
    let new = NewStudy { table: &table, settings: &settings, text: None, folder: &place, link: true };
    let study = create(&new).unwrap().study;
    let hidden = study.hidden().unwrap();
    let first_of = |truth: &str| hidden.iter().find(|case| case.truth == truth).unwrap().id.clone();
    let (missed, wrong) = (first_of("1"), first_of("0"));
    let answer = |case: &str, method: &str| {
        let known = hidden.iter().find(|hidden| hidden.id == case).unwrap();
        let mut marks = known.marks.clone();
        marks.iter_mut().for_each(|mark| mark.rating = Some(4.0));
        if method == "without" && case == missed {
            marks.clear();
        }
        if method == "without" && case == wrong {
            marks = hidden.iter().find(|hidden| hidden.truth == "1").unwrap().marks.clone();
            marks[0].rating = Some(5.0);
        }
        Answer { marks, ..rated(if known.truth == "1" { 4.0 } else { 2.0 }, 3.0) }
    };
    for reader in 0..2 {
        read_all(&mut desk(&study, reader), 1000, answer);
    }
    let mut data = from_study(&place).unwrap();
    let analysis = analyse(&data).unwrap();
    let marks = analysis.marks.as_ref().unwrap();
    assert_eq!(
        (marks.lesions, marks.found.clone(), marks.others.clone()),
        (6, vec![5, 5, 6, 6], vec![1, 1, 0, 0])
    );
    // Five lesions above five of six films without, one tied with these: (5 * 5 + 5 / 2) / 36.
    let expected = 27.5 / 36.0;
    assert_eq!(marks.figures[0].by_reader, [expected, expected, 1.0, 1.0]);
    // The module's area is that of its scores.
    let (scores, truths): (Vec<f64>, Vec<bool>) =
        hidden.iter().map(|case| (case.score.unwrap(), case.truth == "1")).unzip();
    let area = Ratings::new(&scores, &truths).unwrap().area();
    assert_eq!(analysis.module.len(), 2);
    assert!((analysis.module[0].comparison.module - area).abs() < 1e-12);
    let page = html(&analysis);
    assert!(page.contains("6 lesions") && page.contains("Module alone"));

    // Marks of another program take the place of those of the page.
    let others = folder.path().join("marks.csv");
    let put = |rows: &str| {
        std::fs::write(&others, format!("reader,treatment,case,x_min,y_min,x_max,y_max,rating\n{rows}"))
            .unwrap();
    };
    for (rows, expected) in [
        ("cem,with,1,1,1,9,9,3\n", "row 2, column reader: the study has no reader cem"),
        ("anna,alone,1,1,1,9,9,3\n", "row 2, column treatment: the study has no method alone"),
        ("anna,with,99,1,1,9,9,3\n", "row 2, column case: the study has no such case"),
        ("anna,with,1,1,1,9999,9,3\n", "row 2, column case: the corner (9999, 9) is outside"),
    ] {
        put(rows);
        let found = with_marks(&mut data, &place, &others).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
    put("anna,with,1,1,1,9,9,3\n");
    with_marks(&mut data, &place, &others).unwrap();
    let marks = analyse(&data).unwrap().marks.unwrap();
    assert_eq!((marks.found, marks.others), (vec![0; 4], vec![0, 0, 1, 0]));
}

#[test]
fn readings_that_are_missing_are_told_and_the_rest_is_analysed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.csv");
    let mut text = "reader,treatment,case,truth,rating\n".to_owned();
    for (reader, treatment, case) in
        (0..3).flat_map(|r| (0..2).flat_map(move |t| (0..20).map(move |c| (r, t, c))))
    {
        // The third reader reads every case with one method alone.
        if reader == 2 && treatment == case % 2 {
            continue;
        }
        let rating = (case * 7 + reader * 3 + treatment) % 5 + 1 + (case % 2) * (1 + treatment);
        text.push_str(&format!("{reader},{treatment},{case},{},{rating}\n", case % 2));
    }
    std::fs::write(&path, &text).unwrap();
    let mut data = from_table(&path).unwrap();
    let scores = folder.path().join("scores.csv");
    let rows: Vec<String> = (0..20).map(|case| format!("{case},{}", case % 2 * 10 + case % 7)).collect();
    std::fs::write(&scores, format!("case,score\n{}\n", rows.join("\n"))).unwrap();
    with_module(&mut data, &scores).unwrap();
    let analysis = analyse(&data).unwrap();
    let told = analysis.notes.join("; ");
    assert!(told.contains("20 of 120 readings are missing"), "{told}");
    assert!(
        told.contains("tests leave out readers who did not rate every case with every method: 2"),
        "{told}"
    );
    assert_eq!(analysis.uncrossed.len(), 3);
    let difference = &analysis.uncrossed[2];
    assert_eq!((difference.from.as_deref(), difference.to.as_str()), (Some("0"), "1"));
    assert!(analysis.areas.as_ref().unwrap().jackknife.is_some());
    assert_eq!(analysis.module.len(), 2);
    for (rows, expected) in [
        ("99,1\n", "row 2, column case: there are no ratings of this case"),
        ("1,1\n1,2\n", "row 3, column case: it has a score in row 2 already"),
        ("1,1\n", "19 cases have no score"),
    ] {
        std::fs::write(&scores, format!("case,score\n{rows}")).unwrap();
        let found = with_module(&mut data, &scores).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
}
