//! What can be chosen of a virtual patient and its scan.

use super::error::VirtualPatientError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a virtual patient suffers from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disease {
    /// Nothing.
    #[default]
    None,
    /// Osteoarthritis of one hip: joint space lost above, osteophytes, sclerosis, cysts, a flattened head. Graded 0 to 4
    /// after Kellgren and Lawrence 1957.
    Osteoarthritis,
    /// Dysplasia of one hip: a shallow socket, open to the side, its centre high and lateral. Graded 1 to 3 after Crowe 1979,
    /// by how far the head has risen.
    Dysplasia,
    /// Protrusio of one hip: the socket has gone inwards and its floor stands into the pelvis. Graded 1 to 3, by whether the floor has
    /// passed the ilioischial line by up to 5, up to 15 or more millimetres.
    Protrusio,
    /// Retroversion of one acetabulum: it opens further back.
    Retroversion,
    /// Osteoporosis: spongy bone and cortex are thin everywhere.
    Osteoporosis,
}

impl Disease {
    /// All of them.
    pub const ALL: [Disease; 6] = [
        Disease::None,
        Disease::Osteoarthritis,
        Disease::Dysplasia,
        Disease::Protrusio,
        Disease::Retroversion,
        Disease::Osteoporosis,
    ];

    /// Name at the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Disease::None => "none",
            Disease::Osteoarthritis => "osteoarthritis",
            Disease::Dysplasia => "dysplasia",
            Disease::Protrusio => "protrusio",
            Disease::Retroversion => "retroversion",
            Disease::Osteoporosis => "osteoporosis",
        }
    }

    /// Lowest and highest grade; `None` where the disease has none.
    pub const fn grades(self) -> Option<(u8, u8)> {
        match self {
            Disease::Osteoarthritis => Some((0, 4)),
            Disease::Dysplasia | Disease::Protrusio => Some((1, 3)),
            Disease::None | Disease::Retroversion | Disease::Osteoporosis => None,
        }
    }
}

impl fmt::Display for Disease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Disease {
    type Err = VirtualPatientError;

    fn from_str(name: &str) -> Result<Self, VirtualPatientError> {
        Disease::ALL
            .into_iter()
            .find(|disease| disease.name() == name)
            .ok_or_else(|| VirtualPatientError::UnknownDisease { name: name.to_owned() })
    }
}

/// What kind of metal a femur carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImplantKind {
    /// A nail down the canal and a screw into the head, titanium.
    #[default]
    Nail,
    /// Shell, liner, head and stem: titanium, polyethylene, cobalt-chromium.
    HipReplacement,
}

/// How the CT is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CtPhysics {
    /// Noise is added to the image; in slices with metal, what metal and few photons do to it, by way of the sinogram.
    #[default]
    Quick,
    /// Every slice goes through the sinogram: X-rays of five energies, counted, filtered, projected back.
    Sinogram,
}
