//! Modules that ship with the program.

use super::module::{Manifest, ManifestError};

/// A module: its manifest, and how virtual cases of it are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// The manifest.
    pub manifest: Manifest,
    /// The manifest as it is written.
    pub text: String,
    /// `virtual.toml` as it is written, where there is one.
    pub law: Option<String>,
}

impl Module {
    /// A module from its files.
    ///
    /// # Errors
    /// As [`Manifest::from_toml`].
    pub fn new(text: String, law: Option<String>) -> Result<Module, ManifestError> {
        Ok(Module { manifest: Manifest::from_toml(&text)?, text, law })
    }
}

/// Files of a module.
type Files = (&'static str, &'static str, &'static str);

macro_rules! module {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../modules/", $name, "/module.toml")),
            include_str!(concat!("../../modules/", $name, "/virtual.toml")),
        )
    };
}

/// Name, manifest and law.
const SHIPPED: [Files; 5] = [
    module!("cord-injury-prognosis"),
    module!("laminoplasty-outcome"),
    module!("hip-fracture-mobility"),
    module!("metastasis-primary-site"),
    module!("hip-function"),
];

/// Names of the modules that ship.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, ..)| *name)
}

/// A module that ships; `None` of another name.
pub fn shipped(name: &str) -> Option<Module> {
    let (_, text, law) = SHIPPED.iter().find(|(own, ..)| *own == name)?;
    let module = Module::new((*text).to_owned(), Some((*law).to_owned()));
    Some(module.expect("manifests that ship are read by a test"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Cases, Encoding, Sheet, Truth};
    use crate::virtual_cases::{Law, draw};

    #[test]
    fn modules_that_ship_are_right_and_read_their_own_virtual_cases() {
        for (name, text, law) in SHIPPED {
            let manifest = Manifest::from_toml(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(manifest.name, name);
            let law = Law::from_toml(law).unwrap_or_else(|error| panic!("{name}: {error}"));
            let drawn = draw(&law, &manifest, 200, 1).unwrap_or_else(|error| panic!("{name}: {error}"));
            let sheet = Sheet::read(&drawn.csv, Encoding::Unicode).expect("a table");
            let cases = Cases::read(&sheet, &manifest, Truth::Wanted)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(cases.len(), 200);
            assert_eq!(drawn.ceiling.len(), manifest.outputs.len(), "{name}");
        }
    }
}
