//! What stretched fibres bear without activation, before muscles share the rest.

/// Passive forces of the muscles of one instant, and what they do on the free coordinates.
#[derive(Debug, Clone, Default)]
pub(super) struct Passive {
    /// N, in the order of the muscles; none where passive force has no part.
    forces: Vec<f64>,
    /// N m or N.
    moments: Vec<f64>,
}

impl Passive {
    /// Before an instant with so many free coordinates.
    pub(super) fn clear(&mut self, coordinates: usize) {
        self.forces.clear();
        self.moments.clear();
        self.moments.resize(coordinates, 0.0);
    }

    /// The next muscle with its force in N and its arms about the free coordinates in m.
    pub(super) fn bear(&mut self, force: f64, arms: impl Iterator<Item = f64>) {
        self.forces.push(force);
        for (moment, arm) in self.moments.iter_mut().zip(arms) {
            *moment += force * arm;
        }
    }

    /// Takes what is borne off what is needed.
    pub(super) fn relieve(&self, needed: &mut [f64]) {
        needed.iter_mut().zip(&self.moments).for_each(|(needed, borne)| *needed -= borne);
    }

    /// Adds the forces to those by activation.
    pub(super) fn add_to(&self, forces: &mut [f64]) {
        forces.iter_mut().zip(&self.forces).for_each(|(force, passive)| *force += passive);
    }
}
