//! An element of a model file that knows where it stands, so that every error says where.

use super::error::OsimError;
use nalgebra::{Isometry3, Point3, Quaternion, Rotation3, Translation3, UnitQuaternion, Vector3};
use roxmltree::Node;
use std::str::FromStr;

/// A direction whose length differs from one by no more than this is one already; to divide it again would change its last digits.
const IS_UNIT: f64 = 4.0 * f64::EPSILON;
/// A quaternion beside angles counts where it says the same, in radians.
const SAME_TURN: f64 = 1e-9;

/// What is greater is no length, mass or force; powers of what is not are numbers still.
const GREATEST: f64 = 1e15;

/// What earlier versions of OpenSim called things that have another name today.
const RENAMED: [(&str, &str); 14] = [
    ("ActuatorSet", "ForceSet"),
    ("MuscleWrap", "PathWrap"),
    ("MuscleWrapSet", "PathWrapSet"),
    ("MusclePoint", "PathPoint"),
    ("MuscleViaPoint", "ConditionalPathPoint"),
    ("MovingMusclePoint", "MovingPathPoint"),
    ("MusclePointSet", "PathPointSet"),
    ("GeneralizedForce", "CoordinateActuator"),
    ("Force", "PointActuator"),
    ("Torque", "TorqueActuator"),
    ("Schutte1993Muscle", "Schutte1993Muscle_Deprecated"),
    ("Delp1990Muscle", "Delp1990Muscle_Deprecated"),
    ("NaturalCubicSpline", "SimmSpline"),
    ("natCubicSpline", "SimmSpline"),
];

/// An element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a>(pub(super) Node<'a, 'a>);

impl<'a> Element<'a> {
    /// The kind of thing it describes, by the name that it has today.
    pub(super) fn kind(self) -> &'a str {
        let name = self.0.tag_name().name();
        RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, today)| today)
    }

    /// Its name, which a thing that others refer to must have.
    pub(super) fn name(self) -> Result<String, OsimError> {
        let name = self.0.attribute("name").map(str::trim).filter(|name| !name.is_empty());
        name.map(str::to_owned).ok_or_else(|| self.error("it has no name"))
    }

    /// What is wrong with it, with its place.
    pub(super) fn error(self, why: impl Into<String>) -> OsimError {
        let mut steps: Vec<String> = self
            .0
            .ancestors()
            .filter(Node::is_element)
            .map(|node| match node.attribute("name") {
                Some(name) => format!("{}[{name}]", node.tag_name().name()),
                None => node.tag_name().name().to_owned(),
            })
            .collect();
        steps.reverse();
        let line = self.0.document().text_pos_at(self.0.range().start).row;
        OsimError::At { path: format!("/{}", steps.join("/")), line, why: why.into() }
    }

    /// Elements in it.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'a>> {
        self.0.children().filter(Node::is_element).map(Element)
    }

    /// The first element of a kind in it, else in what the file gives as defaults for things of its own kind.
    pub(super) fn find(self, kind: &str) -> Option<Element<'a>> {
        let own = |holder: Element<'a>| holder.children().find(|child| child.kind() == kind);
        own(self).or_else(|| self.default().and_then(own))
    }

    /// What the file says of things of this kind where they themselves say nothing.
    fn default(self) -> Option<Element<'a>> {
        let root = self.0.document().root_element();
        let defaults = |holder: Node<'a, 'a>| holder.children().find(|child| child.has_tag_name("defaults"));
        let held = defaults(root).or_else(|| root.children().filter(Node::is_element).find_map(defaults))?;
        let own = Element(held).children().find(|child| child.kind() == self.kind())?;
        (own.0 != self.0).then_some(own)
    }

    /// What a set in it holds: `<kind><objects>…`.
    pub(super) fn objects(self, kind: &str) -> impl Iterator<Item = Element<'a>> {
        let objects = self.find(kind).and_then(|set| set.find("objects"));
        objects.into_iter().flat_map(Element::children)
    }

    /// The text of a property, trimmed; `None` where it is not there or empty.
    pub(super) fn text(self, property: &str) -> Option<&'a str> {
        self.find(property).and_then(|p| p.0.text()).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text of a property that must be there.
    pub(super) fn needed(self, property: &str) -> Result<&'a str, OsimError> {
        self.text(property).ok_or_else(|| self.error(format!("`{property}` is missing or empty")))
    }

    /// What a socket of OpenSim 4 is plugged into, or what its drafts had instead; `None` of older files.
    pub(super) fn socket(self, name: &str) -> Option<&'a str> {
        let draft = || self.text(&format!("socket_{name}_connectee_name"));
        self.text(&format!("socket_{name}")).or_else(draft).or_else(|| {
            let named = |c: &Element<'a>| c.0.attribute("name") == Some(name);
            let connector = self.find("connectors")?.children().find(named)?;
            connector.text("connectee_name").or_else(|| connector.text("connected_to_name"))
        })
    }

    /// Whether it is switched on: by a property of today's name, or by one of OpenSim 3 that says the contrary.
    pub(super) fn is_on(self, property: &str) -> Result<bool, OsimError> {
        Ok(self.flag(property, true)? && !self.flag("isDisabled", false)?)
    }

    /// All words of its own text, as numbers.
    pub(super) fn own_numbers(self) -> Result<Vec<f64>, OsimError> {
        let words = self.0.text().unwrap_or_default().split_whitespace();
        words.map(|word| self.number_of(word)).collect()
    }

    fn number_of(self, word: &str) -> Result<f64, OsimError> {
        let number = f64::from_str(word).map_err(|_| self.error(format!("`{word}` is not a number")))?;
        if !number.is_finite() {
            return Err(self.error(format!("`{word}` is not finite")));
        }
        if number.abs() > GREATEST {
            return Err(self.error(format!("`{word}` is too large")));
        }
        Ok(number)
    }

    /// Least and greatest of something, of which none need be finite; `None` where the property is not there.
    pub(super) fn limits(self, property: &str) -> Result<Option<[f64; 2]>, OsimError> {
        let words: Vec<&str> = self.text(property).unwrap_or_default().split_whitespace().collect();
        match words[..] {
            [] => Ok(None),
            [least, greatest] => Ok(Some([self.limit_of(least)?, self.limit_of(greatest)?])),
            _ => Err(self.error(format!("`{property}` has {} numbers but needs two", words.len()))),
        }
    }

    /// One limit, which need not be finite.
    pub(super) fn limit(self, property: &str, default: f64) -> Result<f64, OsimError> {
        self.text(property).map_or(Ok(default), |word| self.limit_of(word))
    }

    fn limit_of(self, word: &str) -> Result<f64, OsimError> {
        match word.to_ascii_lowercase().as_str() {
            "inf" | "+inf" | "infinity" => Ok(f64::INFINITY),
            "-inf" | "-infinity" => Ok(f64::NEG_INFINITY),
            _ => self.number_of(word),
        }
    }

    /// The numbers of a property; empty where it is not there.
    pub(super) fn numbers(self, property: &str) -> Result<Vec<f64>, OsimError> {
        self.find(property).map_or(Ok(Vec::new()), Element::own_numbers)
    }

    /// A number; what it is by default where the property is not there.
    pub(super) fn number(self, property: &str, default: f64) -> Result<f64, OsimError> {
        match &self.numbers(property)?[..] {
            [] => Ok(default),
            [number] => Ok(*number),
            all => Err(self.error(format!("`{property}` has {} numbers but needs one", all.len()))),
        }
    }

    /// A number that must be there and be greater than zero.
    pub(super) fn positive(self, property: &str) -> Result<f64, OsimError> {
        self.needed(property)?;
        let number = self.number(property, 0.0)?;
        if number > 0.0 {
            Ok(number)
        } else {
            Err(self.error(format!("`{property}` is {number}; it must be greater than 0")))
        }
    }

    /// So many numbers; `None` where the property is not there.
    pub(super) fn array<const N: usize>(self, property: &str) -> Result<Option<[f64; N]>, OsimError> {
        let numbers = self.numbers(property)?;
        let count = numbers.len();
        if count == 0 {
            return Ok(None);
        }
        let wrong = |_| self.error(format!("`{property}` has {count} numbers but needs {N}"));
        numbers.try_into().map(Some).map_err(wrong)
    }

    /// A vector, zero where it is not there.
    pub(super) fn vector(self, property: &str) -> Result<Vector3<f64>, OsimError> {
        Ok(self.array(property)?.map_or_else(Vector3::zeros, Vector3::from))
    }

    /// A direction of length one.
    pub(super) fn direction(self, property: &str) -> Result<Vector3<f64>, OsimError> {
        let vector = self.vector(property)?;
        if (vector.norm() - 1.0).abs() <= IS_UNIT {
            return Ok(vector);
        }
        vector.try_normalize(1e-9).ok_or_else(|| self.error(format!("`{property}` has no direction")))
    }

    /// A place that must be there.
    pub(super) fn place(self, property: &str) -> Result<Point3<f64>, OsimError> {
        let place = self.array(property)?;
        place.map(Point3::from).ok_or_else(|| self.error(format!("`{property}` is missing or empty")))
    }

    /// Yes or no.
    pub(super) fn flag(self, property: &str, default: bool) -> Result<bool, OsimError> {
        match self.text(property).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(self.error(format!("`{property}` is `{other}`; it must be true or false"))),
        }
    }

    /// Place and turn by a translation and turns about x, y and z, each about the axes that the one before has turned. A quaternion that
    /// [`super::write`] has put beside them says the same to the last digit.
    pub(super) fn frame(self, translation: &str, turns: &str) -> Result<Isometry3<f64>, OsimError> {
        let (at, [x, y, z]) = (self.vector(translation)?, self.vector(turns)?.into());
        let about = |axis, angle| Rotation3::from_axis_angle(&axis, angle);
        let turn = about(Vector3::x_axis(), x) * about(Vector3::y_axis(), y) * about(Vector3::z_axis(), z);
        let turn = UnitQuaternion::from_rotation_matrix(&turn);
        let exact = self.find(turns).and_then(|turns| turns.0.attribute("quaternion"));
        let exact = exact.and_then(|words| {
            let numbers: Option<Vec<f64>> = words.split_whitespace().map(|word| word.parse().ok()).collect();
            let [w, i, j, k] = numbers?.try_into().ok()?;
            let quaternion = Quaternion::new(w, i, j, k);
            let is_unit = (quaternion.norm() - 1.0).abs() < SAME_TURN;
            let found = UnitQuaternion::new_unchecked(quaternion);
            (is_unit && found.angle_to(&turn) < SAME_TURN).then_some(found)
        });
        Ok(Isometry3::from_parts(Translation3::from(at), exact.unwrap_or(turn)))
    }
}
