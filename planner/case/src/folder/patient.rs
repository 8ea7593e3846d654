//! Whose case it is, so that the scan of somebody else is told apart: hashes with a salt of the case's own.
//!
//! That is recognition, not anonymisation: who knows a Patient ID can find out whether the case is of that patient.

use coxa_imaging::source::Identity;
use serde::{Deserialize, Serialize};

/// Hashes of a patient and a study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPatient {
    /// Random, and another one in every case: hashes of two cases cannot be compared.
    salt: String,
    /// Hash of Patient ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patient: Option<String>,
    /// Hash of Study Instance UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    study: Option<String>,
}

impl KnownPatient {
    /// Whose scan it is, with a salt of its own; `None` where the scan does not say.
    pub fn of(identity: &Identity) -> Option<Self> {
        let is_known = identity.patient.is_some() || identity.study.is_some();
        is_known.then(|| {
            KnownPatient::with(blake3::Hash::from_bytes(rand::random()).to_hex()[..32].into(), identity)
        })
    }

    fn with(salt: String, identity: &Identity) -> Self {
        let hash = |word: &Option<String>| {
            let word = word.as_ref()?;
            Some(blake3::hash(format!("{salt}\0{word}").as_bytes()).to_hex().to_string())
        };
        let (patient, study) = (hash(&identity.patient), hash(&identity.study));
        KnownPatient { salt, patient, study }
    }

    /// Whether something is of the same patient; `None` where one of them does not say.
    pub fn is_of(&self, identity: &Identity) -> Option<bool> {
        let other = KnownPatient::with(self.salt.clone(), identity);
        Some(self.patient.as_ref()? == other.patient.as_ref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_is_recognised_and_not_named() {
        let of = |patient: &str, study: &str| Identity {
            patient: Some(patient.into()),
            study: Some(study.into()),
        };
        let known = KnownPatient::of(&of("4711", "1.2.3")).unwrap();
        assert_eq!(known.is_of(&of("4711", "9.9")), Some(true));
        assert_eq!(known.is_of(&of("4712", "1.2.3")), Some(false));
        assert_eq!(known.is_of(&Identity::default()), None);
        assert_eq!(KnownPatient::of(&Identity::default()), None);
        let text = toml::to_string(&known).unwrap();
        assert!(!text.contains("4711") && !text.contains("1.2.3"));
        assert_eq!(toml::from_str::<KnownPatient>(&text).unwrap(), known);
        assert_ne!(known, KnownPatient::of(&of("4711", "1.2.3")).unwrap(), "a salt of its own");
    }
}
