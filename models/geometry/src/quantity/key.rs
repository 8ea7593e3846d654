//! A quantity of something: of the whole, a side or a screw.

use super::{Quantity, Scope, nearest};
use crate::Side;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// What the names of screws begin with; the number of the hole follows.
const SCREW: &str = "screw_";
/// Longer names are not repeated in full.
const LONGEST: usize = 60;

/// What a quantity is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Site {
    /// The patient, the planned hip, or the side that the place in a file says.
    Whole,
    /// A side.
    Side(Side),
    /// The screw in a hole, counted from 1.
    Screw(u32),
}

/// A quantity of something, by which values are kept. Ordered as its name is, which is what files sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// What is measured.
    pub quantity: Quantity,
    /// What of.
    pub site: Site,
}

impl Key {
    /// The name in files: `pelvic_tilt`, `head_diameter_right`, `screw_2_purchase`.
    pub fn name(&self) -> Cow<'static, str> {
        let [alone, right, left] = self.quantity.row().names;
        match self.site {
            Site::Whole => alone.into(),
            Site::Side(Side::Right) => right.into(),
            Site::Side(Side::Left) => left.into(),
            Site::Screw(hole) => {
                format!("{SCREW}{hole}_{}", alone.strip_prefix(SCREW).unwrap_or(alone)).into()
            }
        }
    }

    /// The side that it is of, where it says one.
    pub const fn side(&self) -> Option<Side> {
        match self.site {
            Site::Side(side) => Some(side),
            Site::Whole | Site::Screw(_) => None,
        }
    }
}

impl Quantity {
    /// This quantity of a side.
    pub const fn of(self, side: Side) -> Key {
        Key { quantity: self, site: Site::Side(side) }
    }

    /// This quantity of the screw in a hole, counted from 1.
    pub const fn of_screw(self, hole: u32) -> Key {
        Key { quantity: self, site: Site::Screw(hole) }
    }
}

impl From<Quantity> for Key {
    fn from(quantity: Quantity) -> Self {
        Key { quantity, site: Site::Whole }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(&other.name())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no quantity has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownQuantity {
    /// The name given, shortened where it is long.
    pub name: String,
    /// Names that it may have meant, the nearest first.
    pub nearest: Vec<String>,
}

impl fmt::Display for UnknownQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no quantity `{}`", self.name)?;
        match self.nearest.as_slice() {
            [] => Ok(()),
            names => write!(f, "; nearest are {}", names.join(", ")),
        }
    }
}

impl std::error::Error for UnknownQuantity {}

impl UnknownQuantity {
    /// Of a name that was none of these.
    pub fn among<N: AsRef<str>>(name: &str, known: impl IntoIterator<Item = N>) -> Self {
        let name: String = name.chars().take(LONGEST).collect();
        let nearest = nearest(&name, known).into_iter().map(|known| known.as_ref().to_owned()).collect();
        UnknownQuantity { name, nearest }
    }
}

impl FromStr for Quantity {
    type Err = UnknownQuantity;

    fn from_str(name: &str) -> Result<Self, UnknownQuantity> {
        let found = Quantity::ALL.iter().copied().find(|quantity| quantity.name() == name);
        found.ok_or_else(|| UnknownQuantity::among(name, Quantity::ALL.iter().map(|q| q.name())))
    }
}

impl FromStr for Key {
    type Err = UnknownQuantity;

    fn from_str(name: &str) -> Result<Self, UnknownQuantity> {
        let all = || Quantity::ALL.iter().copied();
        let of = |wanted: Scope| all().filter(move |quantity| quantity.scope() == wanted);
        let whole = || of(Scope::Whole).chain(of(Scope::Side)).find(|quantity| quantity.name() == name);
        let sided =
            || Side::BOTH.into_iter().flat_map(|side| of(Scope::Side).map(move |quantity| quantity.of(side)));
        let screw = || {
            let (hole, rest) = name.strip_prefix(SCREW)?.split_once('_')?;
            let hole: u32 = hole.parse().ok()?;
            of(Scope::Screw)
                .find(|quantity| quantity.name().strip_prefix(SCREW) == Some(rest))
                .map(|quantity| quantity.of_screw(hole))
                // A hole of `+2` or `02` is read, but is not how it is written.
                .filter(|key| key.name() == name)
        };
        whole().map(Key::from).or_else(|| sided().find(|key| key.name() == name)).or_else(screw).ok_or_else(
            || {
                let names = of(Scope::Whole).map(Key::from).chain(sided()).map(|key| key.name());
                UnknownQuantity::among(name, names)
            },
        )
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
