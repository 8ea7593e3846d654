//! Coxa.
