//! Why a PLY file cannot be read.

/// Why bytes are not a PLY mesh.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlyError {
    /// The first line is not `ply`.
    #[error("this is not a PLY file: it does not begin with a line `ply`")]
    NotPly,
    /// The header has no end.
    #[error("the PLY header has no readable `end_header` line")]
    NoEndOfHeader,
    /// The header does not say how the data are encoded.
    #[error("the PLY header has no `format` line")]
    NoFormat,
    /// A header line that the format does not know.
    #[error("the PLY header line `{0}` is not understood")]
    HeaderLine(String),
    /// A property type that the format does not know.
    #[error("the PLY header uses the unknown type `{0}`")]
    UnknownType(String),
    /// There is no `vertex` element with scalar x, y and z.
    #[error("the PLY file has no `vertex` element with properties x, y and z")]
    NoVertices,
    /// Faces are there but not as lists of vertex indices.
    #[error(
        "the PLY file's `{0}` element has no list `vertex_indices`; export the mesh with each face as a list of vertex indices"
    )]
    NoIndexList(String),
    /// An element appears twice.
    #[error("the PLY file has two `{0}` elements")]
    Repeated(String),
    /// The data end early.
    #[error("the PLY file ends early: `{element}` {row} of {count} is not complete")]
    Truncated {
        /// Element name.
        element: String,
        /// Row, from zero.
        row: u64,
        /// Rows that the header promises.
        count: u64,
    },
    /// A text value is no number of its type.
    #[error("`{value}` in `{element}` {row} is not a number of the declared type")]
    BadNumber {
        /// The text found.
        value: String,
        /// Element name.
        element: String,
        /// Row, from zero.
        row: u64,
    },
    /// A coordinate is infinite or not a number.
    #[error("vertex {0} has a coordinate that is not finite")]
    NotFinite(u64),
    /// A face has fewer than three corners, or a negative number of them.
    #[error("face {row} has {corners} corners; export the mesh with triangles only")]
    TooFewCorners {
        /// Row, from zero.
        row: u64,
        /// Number of corners in the file.
        corners: i64,
    },
    /// A face names a vertex that does not exist.
    #[error("triangle {triangle} uses vertex {index}, which does not exist")]
    IndexOutOfRange {
        /// Triangle after polygons are cut into triangles, from zero.
        triangle: usize,
        /// The index in the file.
        index: String,
    },
    /// More vertices than 32-bit indices can name.
    #[error("the PLY file has {0} vertices; more than 4,294,967,295 cannot be used")]
    TooManyVertices(u64),
    /// A file of this program in another frame.
    #[error("the PLY file is in the frame `{found}`, but `{wanted}` is needed")]
    WrongFrame {
        /// The frame that the file names.
        found: String,
        /// The frame asked for.
        wanted: &'static str,
    },
}
