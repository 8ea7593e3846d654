//! Why a leg motion cannot move a model.

/// Why a leg motion cannot move a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DriveError {
    /// The model lacks a coordinate.
    #[error("the model has no coordinate `{0}`, which the activity moves")]
    Coordinate(String),
    /// The model lacks a body.
    #[error("the model has no body `{0}`")]
    Body(String),
    /// A place on the pelvis that is needed and not there.
    #[error("the pelvis has no landmark `{0}`, without which its tilt and middle are not known")]
    Landmark(&'static str),
    /// A person that cannot be.
    #[error(
        "a body of {body_mass_kg} kg on legs of {leg_length_m} m: give a mass of 1 to 500 kg and a leg of 0.1 to 2 m"
    )]
    Person {
        /// kg.
        body_mass_kg: f64,
        /// m.
        leg_length_m: f64,
    },
}
