//! A page of Markdown: its links, headings and commands.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use std::path::{Path, PathBuf};

/// A page.
pub(crate) struct Page {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Destinations of links and pictures, as written.
    pub(crate) links: Vec<String>,
    /// Names by which links reach its headings.
    pub(crate) anchors: Vec<String>,
    /// Text of its blocks of commands, with what stands behind `console`.
    pub(crate) consoles: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut page =
            Page { path: path.into(), links: Vec::new(), anchors: Vec::new(), consoles: Vec::new() };
        let (mut heading, mut console) = (None::<String>, None::<(String, String)>);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.anchors.extend(heading.take().map(|h| anchor(&h))),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => console = kind(&info),
                Event::End(TagEnd::CodeBlock) => page.consoles.extend(console.take()),
                Event::Text(words) | Event::Code(words) => {
                    if let Some((_, block)) = &mut console {
                        *block += &words;
                    } else if let Some(heading) = &mut heading {
                        *heading += &words;
                    }
                }
                _ => {}
            }
        }
        page
    }
}

/// What stands behind `console` in the head of a block; `None` of other blocks.
fn kind(info: &CowStr<'_>) -> Option<(String, String)> {
    let kind = info.strip_prefix("console")?;
    Some((kind.trim_matches([' ', ',']).to_owned(), String::new()))
}

/// The name that GitHub and mdBook give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}
