//! Circles between the files of a crate: who takes what from whom, and who cannot be read without the other.
//!
//! A file that declares modules and hands their names on takes nothing from them, but for the names that it uses itself: who
//! imports such a name takes it from the file in which it is defined.

use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Path of a module within its crate.
type Place = Vec<String>;

/// The files of a crate by the modules that they are.
#[derive(Default)]
pub(crate) struct Crate {
    modules: BTreeMap<Place, (String, Source)>,
}

/// What ties the files of a circle: taker, giver, names.
pub(crate) type Circle = Vec<(String, String, BTreeSet<String>)>;

impl Crate {
    /// From (path below `src`, text) of each file.
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Crate {
        let module = |(file, text): (&str, &str)| {
            let mut place: Place = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if place.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
                place.pop();
            }
            (place, (file.to_owned(), Source::read(text)))
        };
        Crate { modules: files.into_iter().map(module).collect() }
    }

    /// Reads the folder `src` of a crate.
    pub(crate) fn read(src: &Path) -> Crate {
        let mut texts = Vec::new();
        let mut open = vec![src.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let name = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
                    texts.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        Crate::of(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// A path as written in a module, from the root of the crate; `None` of another crate's.
    fn absolute(&self, place: &Place, path: &[String], depth: usize) -> Option<Place> {
        let (first, rest) = path.split_first()?;
        let (_, source) = self.modules.get(place)?;
        match first.as_str() {
            "crate" => return Some(rest.to_vec()),
            "self" => return Some([place.as_slice(), rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|segment| *segment == "super").count();
                return Some([place.get(..place.len().checked_sub(ups)?)?, &path[ups..]].concat());
            }
            _ => {}
        }
        if source.children.contains(first) {
            return Some([place.as_slice(), path].concat());
        }
        let import = source.imports.iter().find(|import| import.name == *first && import.path != path)?;
        if depth > 8 || import.path.first() == Some(first) {
            return None;
        }
        Some([self.absolute(place, &import.path, depth + 1)?.as_slice(), rest].concat())
    }

    /// The module that defines a name, and the name; `None` of a module itself.
    fn definition(&self, path: &[String], depth: usize) -> Option<(Place, String)> {
        let known = (0..=path.len()).rev().find(|&n| self.modules.contains_key(&path[..n]))?;
        let (place, rest) = (path[..known].to_vec(), &path[known..]);
        let name = rest.first()?;
        let (_, source) = &self.modules[&place];
        match source.imports.iter().find(|import| import.name == *name) {
            Some(import) if depth < 8 => {
                let target = self.absolute(&place, &import.path, 0)?;
                if target.as_slice() == path {
                    return None;
                }
                self.definition(&[target.as_slice(), &rest[1..]].concat(), depth + 1)
            }
            _ => Some((place, name.clone())),
        }
    }

    /// What each module takes from which others.
    fn ties(&self) -> BTreeMap<&Place, BTreeMap<Place, BTreeSet<String>>> {
        let mut ties: BTreeMap<&Place, BTreeMap<Place, BTreeSet<String>>> = BTreeMap::new();
        for (place, (_, source)) in &self.modules {
            let is_used = |name: &String| source.words.contains(name);
            let imports = source.imports.iter().map(|i| (&i.path, i.is_public && !is_used(&i.name)));
            for (path, is_for_others) in imports.chain(source.paths.iter().map(|path| (path, false))) {
                let defined = self.absolute(place, path, 0).and_then(|path| self.definition(&path, 0));
                let Some((giver, name)) = defined else { continue };
                let hands_on = is_for_others && giver.starts_with(place);
                if giver != *place && !hands_on {
                    ties.entry(place).or_default().entry(giver).or_default().insert(name);
                }
            }
        }
        ties
    }

    /// The circles, each with what ties its files.
    pub(crate) fn circles(&self) -> Vec<Circle> {
        let ties = self.ties();
        // Whom each can reach; crates have hundreds of files at most.
        let reach: BTreeMap<&Place, BTreeSet<&Place>> = self
            .modules
            .keys()
            .map(|from| {
                let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
                while let Some(next) = open.pop() {
                    open.extend(
                        ties.get(next).into_iter().flat_map(BTreeMap::keys).filter(|to| seen.insert(*to)),
                    );
                }
                (from, seen)
            })
            .collect();
        let mut circles: Vec<Circle> = Vec::new();
        let mut done: BTreeSet<&Place> = BTreeSet::new();
        for start in self.modules.keys().filter(|place| reach[place].contains(place)) {
            if done.contains(start) {
                continue;
            }
            let ring: BTreeSet<&Place> = self
                .modules
                .keys()
                .filter(|other| reach[start].contains(other) && reach[other].contains(start))
                .collect();
            let file = |place: &Place| self.modules[place].0.clone();
            let circle = ring.iter().flat_map(|from| {
                let own = ties.get(*from).into_iter().flatten();
                own.filter(|(to, _)| ring.contains(to))
                    .map(|(to, names)| (file(from), file(to), names.clone()))
            });
            circles.push(circle.collect());
            done.extend(ring);
        }
        circles
    }
}

/// A circle in words, a line for each tie.
pub(crate) fn in_words(circle: &Circle) -> String {
    let line = |(from, to, names): &(String, String, BTreeSet<String>)| {
        format!("  {from} takes from {to}: {}", names.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    circle.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(files: &[(&str, &str)]) -> Vec<String> {
        Crate::of(files.iter().copied()).circles().iter().map(in_words).collect()
    }

    #[test]
    fn two_files_that_take_from_each_other_are_a_circle() {
        let found = words(&[
            ("lib.rs", "mod a;\nmod b;\npub use a::A;"),
            ("a.rs", "use crate::b::B;\npub struct A;"),
            ("b.rs", "pub struct B;\nfn f() -> usize { crate::a::A::size() }"),
        ]);
        assert_eq!(found, ["  a.rs takes from b.rs: B\n  b.rs takes from a.rs: A"]);
    }

    #[test]
    fn a_tree_is_none_and_names_that_are_handed_on_belong_where_they_are_defined() {
        let found = words(&[
            ("lib.rs", "mod a;\npub mod b;"),
            ("a.rs", "use crate::b::C;\npub struct A;"),
            ("b/mod.rs", "//! Hands on.\nmod c;\nmod d;\npub use c::C;\npub use d::D;"),
            ("b/c.rs", "use super::D;\nuse std::fmt;\npub struct C(D);"),
            ("b/d.rs", "pub struct D;\n#[cfg(test)]\nmod tests { use crate::a::A; use super::super::c::C; }"),
        ]);
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn a_parent_that_defines_what_its_child_takes_is_in_a_circle() {
        let found = words(&[
            ("lib.rs", "mod p;"),
            ("p/mod.rs", "mod c;\npub struct P;\npub fn f() { c::g(); }"),
            ("p/c.rs", "use super::P;\npub fn g() -> P { P }"),
        ]);
        assert_eq!(found, ["  p/mod.rs takes from p/c.rs: g\n  p/c.rs takes from p/mod.rs: P"]);
    }

    #[test]
    fn a_name_that_is_handed_on_and_used_is_taken() {
        let lib = "mod c;\nmod p;";
        let p = "mod q;\npub use q::Q;\npub struct P(Q);";
        let q = "use super::P;\npub struct Q(Box<P>);";
        assert_eq!(words(&[("lib.rs", lib), ("p/mod.rs", p), ("p/q.rs", q)]).len(), 1);
        let p = "mod q;\npub use q::Q;\npub struct P;";
        assert!(words(&[("lib.rs", lib), ("p/mod.rs", p), ("p/q.rs", q)]).is_empty());
    }

    #[test]
    fn a_circle_of_three_is_one_and_modules_by_another_name_are_followed() {
        let found = words(&[
            ("lib.rs", "mod a;\nmod b;\nmod c;"),
            ("a.rs", "use super::b as other;\nfn f() { other::g() }"),
            ("b.rs", "use crate::c;\npub fn g() { c::h() }"),
            ("c.rs", "pub fn h() { vec![crate::a::f()] }"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].lines().count(), 3);
    }
}
