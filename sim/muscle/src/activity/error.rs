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
    #[error("the pelvis has no landmark `{0}`, which is needed for its tilt and centre")]
    Landmark(&'static str),
    /// A person that cannot be.
    #[error(
        "body mass {body_mass_kg} kg, leg length {leg_length_m} m: the mass must be 1 to 500 kg and the leg length 0.1 to 2 m"
    )]
    Person {
        /// kg.
        body_mass_kg: f64,
        /// m.
        leg_length_m: f64,
    },
}
