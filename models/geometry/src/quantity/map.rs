//! Values by the quantity that they are of.

use super::Key;
use crate::evidence::Measured;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;

/// Measured values in the order of their names, as files hold them. Every value is in the unit of its quantity: none can be
/// put in with another, and a file that gives another is refused.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Measurements(BTreeMap<Key, Measured>);

impl Measurements {
    /// None yet.
    pub const fn new() -> Self {
        Measurements(BTreeMap::new())
    }

    /// Keeps a value and its spread, in the unit of the quantity, in place of an earlier one.
    pub fn insert(&mut self, key: impl Into<Key>, value: f64, spread: f64, method: impl Into<String>) {
        let key = key.into();
        self.0.insert(key, key.quantity.measured(value, spread, method));
    }

    /// A value.
    pub fn get(&self, key: impl Into<Key>) -> Option<&Measured> {
        self.0.get(&key.into())
    }

    /// Whether there is a value.
    pub fn contains(&self, key: impl Into<Key>) -> bool {
        self.0.contains_key(&key.into())
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: impl Into<Key>) -> Option<Measured> {
        self.0.remove(&key.into())
    }

    /// Adds to how a value was obtained, where there is one.
    pub fn add_to_method(&mut self, key: impl Into<Key>, words: &str) {
        if let Some(measured) = self.0.get_mut(&key.into()) {
            measured.method += words;
        }
    }

    /// Makes a spread no less than this, where there is one.
    pub fn widen(&mut self, key: impl Into<Key>, least_spread: f64) {
        if let Some(measured) = self.0.get_mut(&key.into()) {
            measured.spread = measured.spread.max(least_spread);
        }
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Measured)> {
        self.0.iter().map(|(key, measured)| (*key, measured))
    }

    /// What there is, by name.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.0.keys().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<Key>> Index<K> for Measurements {
    type Output = Measured;

    /// A value that is known to be there.
    ///
    /// # Panics
    /// Where it is not.
    fn index(&self, key: K) -> &Measured {
        let key = key.into();
        self.get(key).unwrap_or_else(|| panic!("no {key} among the measurements"))
    }
}

impl<'de> Deserialize<'de> for Measurements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Measurements;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of measured values by quantity name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Measurements, A::Error> {
                let mut all = BTreeMap::new();
                while let Some((key, measured)) = map.next_entry::<Key, Measured>()? {
                    let unit = key.quantity.unit();
                    if measured.unit != unit {
                        let (given, own) = (measured.unit.name(), unit.name());
                        let message = format!("{key} is given in \"{given}\", but its unit is \"{own}\"");
                        return Err(A::Error::custom(message));
                    }
                    all.insert(key, measured);
                }
                Ok(Measurements(all))
            }
        }
        deserializer.deserialize_map(Map)
    }
}
