//! Forces in a file of their own, which a set-up appends to those of a model.

use super::forces::{self, Force};
use super::frames::Frames;
use super::names::plain;
use super::xml::Element;
use super::{OsimError, document};
use crate::model::{Actuator, Model, Muscle};

/// Muscles and other actuators of a file whose outermost element is a `ForceSet`, on the bodies of a model.
///
/// # Errors
/// Where it is none, refers to a body that the model does not have, or holds what is not supported.
pub fn read_forces(text: &str, model: &Model) -> Result<(Vec<Muscle>, Vec<Actuator>), OsimError> {
    let text = plain(text);
    let parsed = document(&text)?;
    let root = Element(parsed.root_element());
    if root.kind() != "OpenSimDocument" || root.find("ForceSet").is_none() {
        return Err(root.error("this is not an OpenSim document with a `ForceSet`"));
    }
    let frames = Frames::of_bodies(model.bodies.iter().map(|body| body.name.clone()));
    let (mut muscles, mut actuators) = (Vec::new(), Vec::new());
    for element in root.objects("ForceSet") {
        match forces::force(element, &frames)? {
            Force::Muscle(muscle) => muscles.push(*muscle),
            Force::Actuator(actuator) => actuators.push(actuator),
            Force::None => {}
            Force::Unsupported => {
                return Err(element.error(format!("the force `{}` is not supported", element.kind())));
            }
        }
    }
    Ok((muscles, actuators))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActsOn, Body};
    use nalgebra::{Matrix3, Point3};

    const RESIDUALS: &str = r#"<OpenSimDocument Version="40000"><ForceSet name="residuals"><objects>
<PointActuator name="FX"><min_control>-10</min_control><max_control>10</max_control><body>pelvis</body><point>0.1 0 0</point>
<direction>-1 0 0</direction><optimal_force>4</optimal_force></PointActuator></objects></ForceSet></OpenSimDocument>"#;

    #[test]
    fn residual_actuators_are_read_onto_the_bodies_of_a_model() {
        let pelvis = Body {
            name: "pelvis".into(),
            mass: 1.0,
            mass_centre: Point3::origin(),
            inertia: Matrix3::identity(),
        };
        let model = Model { bodies: vec![pelvis], ..Model::default() };
        let (muscles, actuators) = read_forces(RESIDUALS, &model).unwrap();
        assert!(muscles.is_empty());
        assert_eq!((actuators[0].optimal_force, actuators[0].control), (4.0, [-10.0, 10.0]));
        assert!(matches!(&actuators[0].on, ActsOn::Point { body, .. } if body == "pelvis"));
        let error = read_forces(RESIDUALS, &Model::default()).unwrap_err().to_string();
        assert!(error.contains("PointActuator[FX]") && error.contains("pelvis"), "{error}");
        assert!(read_forces("<OpenSimDocument/>", &model).is_err());
    }
}
