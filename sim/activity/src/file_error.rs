//! Why a text is no activity.

/// Larger than any file of the most keys needs.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// The form that this program reads.
pub(crate) const FORMAT: u32 = 2;

/// Why a text is no activity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileError {
    /// Too long to be one.
    #[error("an activity file may have at most {MOST_BYTES} bytes; this one has {0}")]
    TooLong(usize),
    /// Not TOML, or without a field it must have.
    #[error("not an activity: {0}")]
    Toml(String),
    /// Of another version.
    #[error("activity format {0} is not supported; this program reads format {FORMAT}")]
    Format(u32),
    /// Neither or both ways of giving the hip's angles.
    #[error("give either key positions ([[key]]) or the motion of the leg ([leg])")]
    Kinematics,
    /// Phases that do not rise from 0 to 100.
    #[error("`{field}` must rise from 0 to 100 per cent")]
    Phases {
        /// The field.
        field: &'static str,
    },
    /// A number outside what it can be.
    #[error("`{field}` is {value}; it must be {must}")]
    Number {
        /// The field.
        field: String,
        /// Its value.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
    /// A track that nothing is known to do with.
    #[error("unknown track `{name}`")]
    UnknownTrack {
        /// Its name.
        name: String,
    },
    /// A track that must be there.
    #[error("the track `{0}` is missing")]
    MissingTrack(&'static str),
    /// A track whose lists do not belong together.
    #[error("the track `{name}` {what}")]
    Track {
        /// Its name.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
}
