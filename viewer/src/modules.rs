//! What modules say of the case that is shown: what Coxa measures itself, and what modules left in the folder of the case.

use coxa_panel::Panel;
use coxa_planner::panels::{CasePanel, PanelInput, panels, stored};
use std::path::Path;

/// Panels of a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Modules {
    /// Those that can be shown: Coxa's own, then those of modules by name.
    pub panels: Vec<CasePanel>,
    /// Why others cannot, a line each.
    pub problems: Vec<String>,
}

impl Modules {
    /// Panels of a case: its own of a hip, where that can be had, and those in its folder.
    pub fn of(folder: &Path, input: Result<PanelInput<'_>, String>) -> Modules {
        let found = stored(folder);
        let (own, mut problems): (Vec<Panel>, Vec<String>) = match input {
            Ok(input) => (panels(&input), Vec::new()),
            Err(problem) => (Vec::new(), vec![problem]),
        };
        problems.extend(found.problems);
        let own = own.into_iter().map(|panel| CasePanel { panel, caution: None, sha256: String::new() });
        Modules { panels: own.chain(found.panels).collect(), problems }
    }

    /// The place of the panel that is asked for by the name of its module; the first where there is none of that name.
    pub fn place(&self, module: Option<&str>) -> usize {
        self.panels.iter().position(|one| Some(one.panel.module.as_str()) == module).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_modules_left_is_shown_whatever_there_is_of_the_hip() {
        let folder = tempfile::tempdir().unwrap();
        for module in ["b", "a"] {
            let panel = Panel { module: module.into(), title: module.into(), ..Panel::default() };
            coxa_panel::write(folder.path(), &panel).unwrap();
        }
        let found = Modules::of(folder.path(), Err("no labels".into()));
        let names: Vec<&str> = found.panels.iter().map(|one| one.panel.title.as_str()).collect();
        assert_eq!((names, found.problems.clone()), (vec!["a", "b"], vec!["no labels".to_owned()]));
        assert_eq!([found.place(None), found.place(Some("b")), found.place(Some("c"))], [0, 1, 0]);
        std::fs::write(folder.path().join("modules/a/panel.json"), "{").unwrap();
        let found = Modules::of(folder.path(), Err("no labels".into()));
        assert_eq!((found.panels.len(), found.problems.len()), (1, 2));
    }
}
