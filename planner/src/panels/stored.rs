//! Panels that modules left in a case, ready to be shown: with what is wrong about them in words.

use super::own::is_own;
use coxa_panel::{FOLDER, Panel, read_all, sha256};
use std::path::Path;

/// A panel that a module left in a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CasePanel {
    /// The panel.
    pub panel: Panel,
    /// What the reader is to know of it: that its files were changed since the module wrote them.
    pub caution: Option<String>,
    /// SHA-256 of its files as they are; empty of a panel that no case holds.
    pub sha256: String,
}

/// Panels that modules left in a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CasePanels {
    /// Those that can be shown, by name.
    pub panels: Vec<CasePanel>,
    /// Why others cannot, a line each.
    pub problems: Vec<String>,
}

impl CasePanels {
    /// SHA-256 of all files of all panels; `None` where there are none.
    pub fn sha256(&self) -> Option<String> {
        let of_all: String =
            self.panels.iter().map(|one| format!("{}  {}\n", one.sha256, one.panel.module)).collect();
        (!of_all.is_empty()).then(|| sha256(of_all.as_bytes()))
    }
}

/// Reads the panels that modules left in the folder of a case. What is damaged hides no other.
pub fn stored(case: &Path) -> CasePanels {
    let found = read_all(case);
    let mut problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let mut panels = Vec::new();
    for stored in found.panels {
        let name = &stored.panel.module;
        if is_own(name) {
            let place = case.join(FOLDER).join(name);
            problems.push(format!(
                "{} has the name of what Coxa measures itself: give the module another name, and run it again",
                place.display()
            ));
            continue;
        }
        let changed = stored.changed.join(", ");
        let caution = (!changed.is_empty()).then(|| format!("Changed since the module wrote it: {changed}."));
        panels.push(CasePanel { panel: stored.panel, caution, sha256: stored.sha256 });
    }
    CasePanels { panels, problems }
}

#[cfg(test)]
mod tests {
    use super::super::muscles::MUSCLES;
    use super::*;
    use coxa_panel::write;

    #[test]
    fn panels_of_a_case_say_what_is_wrong_with_them() {
        let case = tempfile::tempdir().unwrap();
        assert_eq!(stored(case.path()), CasePanels::default());
        for name in ["b", MUSCLES, "a"] {
            let panel = Panel { module: name.into(), title: "Title".into(), ..Panel::default() };
            write(case.path(), &panel).unwrap();
        }
        let path = case.path().join("modules/b/panel.json");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text.replace("Title", "Another")).unwrap();
        let found = stored(case.path());
        let said: Vec<(&str, Option<&str>)> =
            found.panels.iter().map(|one| (one.panel.title.as_str(), one.caution.as_deref())).collect();
        let caution = "Changed since the module wrote it: modules/b/panel.json.";
        assert_eq!(said, [("Title", None), ("Another", Some(caution))]);
        assert!(found.problems.len() == 1 && found.problems[0].contains("name of what Coxa measures"));
    }
}
