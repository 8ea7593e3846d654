//! Commands of the manual, run as they stand.
//!
//! A block that is marked `console` holds lines `$ command` (which go on in lines `> more`), below each what it prints, and a line `? 1` where it
//! ends with that code. `...` stands for any lines, `[..]` for any text in a line. The blocks of a page are run in their order, in a folder that is
//! empty at first; those marked `console long` in `./check --long` alone.

use crate::page::Page;
use crate::{pages, root};
use snapbox::Data;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Commands that take long, with the folder that they make: each is run once, and its folder copied for every page.
const SHARED: [(&str, &str); 2] =
    [("coxa demo -o hip", "hip"), ("coxa patient --seed 7 -o people", "people")];

/// A command with what its page says of it.
struct Shown {
    command: String,
    code: i32,
    output: String,
}

fn shown(block: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut is_output = false;
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push(Shown { command: command.to_owned(), code: 0, output: String::new() });
            is_output = false;
            continue;
        }
        let Some(last) = all.last_mut() else { panic!("output without a command: {line}") };
        match (line.strip_prefix("> ").or((line == ">").then_some("")), line.strip_prefix("? ")) {
            (Some(more), _) if !is_output => last.command += &format!("\n{more}"),
            (_, Some(code)) if !is_output => last.code = code.trim().parse().unwrap(),
            _ => {
                is_output = true;
                let _ = writeln!(last.output, "{line}");
            }
        }
    }
    all
}

/// What a command prints in a folder, and its exit code.
fn run(command: &str, folder: &Path) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_coxa")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let done = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap();
    (String::from_utf8_lossy(&done.stdout).into_owned(), done.status.code().unwrap_or(-1))
}

/// Where the folders of [`SHARED`] lie once they are made, with what was printed.
struct Store {
    folder: tempfile::TempDir,
    printed: [Mutex<Option<(String, i32)>>; 2],
}

impl Store {
    fn run(&self, command: &str, folder: &Path) -> (String, i32) {
        let Some(at) = SHARED.iter().position(|(shared, _)| *shared == command) else {
            return run(command, folder);
        };
        let mut printed = self.printed[at].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let printed = printed.get_or_insert_with(|| run(command, self.folder.path()));
        let made = self.folder.path().join(SHARED[at].1);
        let copied = Command::new("cp").arg("-r").args([&made, &folder.to_owned()]).status().unwrap();
        assert!(copied.success(), "{command} made no {}:\n{}", made.display(), printed.0);
        printed.clone()
    }
}

/// What a page says otherwise than its commands do.
fn defects(page: &Page, store: &Store) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let name = page.path.strip_prefix(root()).unwrap().display();
    let mut wrong = Vec::new();
    for (kind, block) in &page.consoles {
        assert!(["", "long"].contains(&kind.as_str()), "{name}: no kind of block: console {kind}");
        if kind == "long" && !coxa_test_support::is_long() {
            continue;
        }
        for Shown { command, code, output } in shown(block) {
            let (printed, found) = store.run(&command, folder.path());
            if found != code {
                wrong.push(format!("{name}: `{command}` ends with {found}, not {code}:\n{printed}"));
            }
            let assert = snapbox::Assert::new();
            if let Err(e) = assert.try_eq(Some(&command), Data::text(printed), Data::text(output)) {
                wrong.push(format!("{name}:\n{e}"));
            }
        }
    }
    wrong
}

#[test]
fn every_command_of_the_manual_prints_what_its_page_shows() {
    let only = std::env::var("COXA_PAGE").unwrap_or_default();
    let pages: Vec<Page> = pages()
        .into_iter()
        .filter(|page| !page.consoles.is_empty() && page.path.to_string_lossy().contains(&only))
        .collect();
    let store = Store { folder: tempfile::tempdir().unwrap(), printed: Default::default() };
    let next = Mutex::new(pages.iter());
    let wrong = Mutex::new(Vec::new());
    // A page that waits for one of the shared folders holds one thread up at most.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(page) = next.lock().unwrap().next() else { break };
                    let found = defects(page, &store);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(pages.len() > 3 || !only.is_empty(), "only {} pages with commands", pages.len());
    assert!(wrong.is_empty(), "{} commands:\n{}", wrong.len(), wrong.join("\n"));
}
