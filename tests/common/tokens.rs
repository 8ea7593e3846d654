//! Tokens of a source file, as the tests that read the sources see them.

use proc_macro2::{Delimiter, TokenTree};

/// The place behind the item that begins here, its attributes with it.
pub(crate) fn behind_item(tokens: &[TokenTree], from: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is_mark(other, ';'),
    };
    (from..tokens.len()).find(|&n| is_end(&tokens[n])).map_or(tokens.len(), |n| n + 1)
}

pub(crate) fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
