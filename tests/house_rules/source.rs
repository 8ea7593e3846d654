//! What a source file takes from its own crate: its imports and paths, as the compiler's tokens show them, tests left out.

use crate::tokens::{behind_item, is_mark};
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// One name that a `use` brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    /// Segments of its path as written.
    pub(crate) path: Vec<String>,
    /// What it is called here; `*` for all names.
    pub(crate) name: String,
    /// Whether it is handed on.
    pub(crate) is_public: bool,
}

/// A source file without its tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// What its `use` bring in.
    pub(crate) imports: Vec<Import>,
    /// Paths of two segments or more elsewhere.
    pub(crate) paths: BTreeSet<Vec<String>>,
    /// Words elsewhere that no path goes before: names that it uses itself are among them.
    pub(crate) words: BTreeSet<String>,
    /// Modules that it declares in files of their own.
    pub(crate) children: BTreeSet<String>,
}

impl Source {
    /// Reads a file.
    ///
    /// # Panics
    /// Where it is no Rust.
    pub(crate) fn read(text: &str) -> Source {
        let tokens: TokenStream = text.parse().expect("a source file is Rust");
        let mut source = Source::default();
        source.walk(tokens, 0);
        source
    }

    /// Takes up the tokens of a file or of a group; `depth` counts the modules between `{` and `}` around them.
    fn walk(&mut self, tokens: TokenStream, depth: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut is_public = false;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    let attribute = tokens.get(at + 1).map(ToString::to_string).unwrap_or_default();
                    at += 2;
                    if attribute.replace(' ', "") == "[cfg(test)]" {
                        at = behind_item(&tokens, at);
                    }
                    continue;
                }
                TokenTree::Ident(word) if *word == "use" => {
                    let end = (at..tokens.len()).find(|&n| is_mark(&tokens[n], ';')).unwrap_or(tokens.len());
                    self.take_use(&tokens[at + 1..end], &[], is_public, depth);
                    at = end;
                }
                TokenTree::Ident(word) if *word == "mod" => match (tokens.get(at + 1), tokens.get(at + 2)) {
                    (Some(TokenTree::Ident(name)), Some(mark)) if is_mark(mark, ';') => {
                        self.children.insert(name.to_string());
                        at += 2;
                    }
                    (Some(TokenTree::Ident(_)), Some(TokenTree::Group(body))) => {
                        self.walk(body.stream(), depth + 1);
                        at += 2;
                    }
                    _ => {}
                },
                TokenTree::Ident(word) if *word == "pub" => {
                    is_public = true;
                    let restricted = matches!(tokens.get(at + 1), Some(TokenTree::Group(group))
                        if group.delimiter() == Delimiter::Parenthesis);
                    at += 1 + usize::from(restricted);
                    continue;
                }
                TokenTree::Ident(_) => {
                    let (path, end) = path(&tokens, at);
                    self.words.insert(path[0].clone());
                    if path.len() > 1 {
                        self.paths.extend(own(path, depth));
                    }
                    at = end - 1;
                }
                TokenTree::Group(group) => self.walk(group.stream(), depth),
                _ => {}
            }
            is_public = false;
            at += 1;
        }
    }

    /// The names of a tree of imports behind `before`.
    fn take_use(&mut self, tokens: &[TokenTree], before: &[String], is_public: bool, depth: usize) {
        for branch in tokens.split(|token| is_mark(token, ',')) {
            let Some(first) = branch.iter().position(|token| !is_mark(token, ':')) else { continue };
            let branch = &branch[first..];
            let (mut found, mut end) = (Vec::new(), 0);
            if matches!(branch[0], TokenTree::Ident(_)) {
                (found, end) = path(branch, 0);
            }
            let mut full = [before, &found].concat();
            let rest = branch[end..].iter().find(|token| !is_mark(token, ':'));
            let name = match rest {
                Some(TokenTree::Group(group)) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.take_use(&inner, &full, is_public, depth);
                    continue;
                }
                Some(TokenTree::Punct(_)) => "*".to_owned(),
                Some(TokenTree::Ident(_)) => branch.last().map(ToString::to_string).unwrap_or_default(),
                _ => {
                    if full.last().is_some_and(|last| last == "self") {
                        full.pop();
                    }
                    full.last().cloned().unwrap_or_default()
                }
            };
            if let Some(path) = own(full, depth) {
                self.imports.push(Import { path, name, is_public });
            }
        }
    }
}

/// The path that begins here, and the place behind it.
fn path(tokens: &[TokenTree], from: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[from].to_string()];
    let mut at = from + 1;
    let is_joint = |n: usize| matches!(tokens.get(n), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint);
    while is_joint(at) && tokens.get(at + 1).is_some_and(|token| is_mark(token, ':')) {
        let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
        path.push(next.to_string());
        at += 3;
    }
    (path, at)
}

/// The path as the file itself would write it; `None` of what stays within a module in braces.
fn own(mut path: Vec<String>, depth: usize) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    if depth == 0 || path.first().is_some_and(|first| first == "crate") {
        return Some(path);
    }
    if ups < depth {
        return None;
    }
    path.drain(..depth);
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &Source) -> Vec<String> {
        source.imports.iter().map(|import| import.path.join("::")).collect()
    }

    #[test]
    fn imports_are_read_to_their_last_branch() {
        let source = Source::read(
            "use crate::a::{self, b::{C, D as E}, f::*};\npub(crate) use super::g;\nuse std::fmt;",
        );
        let expected =
            ["crate::a", "crate::a::b::C", "crate::a::b::D", "crate::a::f", "super::g", "std::fmt"];
        assert_eq!(paths(&source), expected);
        let names: Vec<&str> = source.imports.iter().map(|import| import.name.as_str()).collect();
        assert_eq!(names, ["a", "C", "E", "*", "g", "fmt"]);
        let public: Vec<bool> = source.imports.iter().map(|import| import.is_public).collect();
        assert_eq!(public, [false, false, false, false, true, false]);
    }

    #[test]
    fn paths_are_read_in_code_and_macros_but_not_in_words_or_tests() {
        let source = Source::read(
            "//! crate::doc::Word\nmod child;\nfn f() { /* crate::a::B */ g(\"crate::c::D\", super::e::F::new()); vec![crate::h::I; 2]; }\n\
             #[cfg(test)]\nmod tests { use crate::j::K; }\n#[cfg(test)]\nuse crate::l::M;\nfn n(o: p::Q) {}",
        );
        let found: Vec<String> = source.paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(found, ["crate::h::I", "p::Q", "super::e::F::new"]);
        assert!(source.imports.is_empty() && source.children.iter().eq(["child"]));
    }

    #[test]
    fn a_module_in_braces_is_part_of_its_file() {
        let source = Source::read("mod inner { use super::A; use super::super::b::C; }");
        assert_eq!(paths(&source), ["A", "super::b::C"]);
        assert!(paths(&Source::read("mod inner { use self::a::A; }")).is_empty());
    }
}
