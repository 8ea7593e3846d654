//! Neighbourhood grey tone difference matrix and its features (IBSI reference manual, chapter 3.10).

/// Whether voxels without neighbours count in the probabilities of their levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolated {
    /// They do not, as the IBSI has it.
    LeftOut,
    /// They do, as voxels that do not differ from their neighbours: pyradiomics.
    Counted,
}

/// Coarseness where no voxel differs from its neighbours.
const UNIFORM_COARSENESS: f64 = 1e6;

/// For each grey level how many voxels count, and how far these are from the mean of their neighbours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GreyTones {
    /// Neighbours that a voxel can have.
    most_neighbours: usize,
    /// Voxels without neighbours.
    isolated: Isolated,
    /// Voxels that count, by level.
    counts: Vec<u64>,
    /// By level and number of neighbours the sum of |level * neighbours - sum of their levels|: whole numbers, so that the order in which
    /// voxels are added changes nothing.
    differences: Vec<u64>,
}

impl GreyTones {
    /// Of nothing yet.
    pub(crate) fn new(most: u16, most_neighbours: usize, isolated: Isolated) -> GreyTones {
        let levels = usize::from(most) + 1;
        let differences = vec![0; levels * (most_neighbours + 1)];
        GreyTones { most_neighbours, isolated, counts: vec![0; levels], differences }
    }

    /// Adds a voxel with the number of its neighbours and the sum of their levels.
    pub(crate) fn add(&mut self, level: u16, sum: u32, neighbours: u16) {
        if neighbours > 0 || self.isolated == Isolated::Counted {
            let at = usize::from(level);
            self.counts[at] += 1;
            self.differences[at * (self.most_neighbours + 1) + usize::from(neighbours)] +=
                u64::from((u32::from(level) * u32::from(neighbours)).abs_diff(sum));
        }
    }

    /// Adds another matrix of the same region.
    pub(crate) fn merge(&mut self, other: &GreyTones) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, n)| *sum += n);
        self.differences.iter_mut().zip(&other.differences).for_each(|(sum, n)| *sum += n);
    }

    /// Level, probability and sum of differences of each level that occurs.
    fn levels(&self) -> (Vec<[f64; 3]>, f64) {
        let total = self.counts.iter().sum::<u64>() as f64;
        let present = (0..self.counts.len()).filter(|&level| self.counts[level] > 0);
        let width = self.most_neighbours + 1;
        let sum = |level: usize| {
            let row = &self.differences[level * width..(level + 1) * width];
            row.iter().enumerate().skip(1).map(|(n, &sum)| sum as f64 / n as f64).sum::<f64>()
        };
        (present.map(|level| [level as f64, self.counts[level] as f64 / total, sum(level)]).collect(), total)
    }
}

/// Coarseness, contrast, busyness, complexity, strength. Nothing where no voxel counts.
pub(crate) fn grey_tone_features(tones: &GreyTones) -> Option<Vec<f64>> {
    let (levels, total) = tones.levels();
    if levels.is_empty() {
        return None;
    }
    let weighted: f64 = levels.iter().map(|[_, p, s]| p * s).sum();
    let sum: f64 = levels.iter().map(|[_, _, s]| s).sum();
    let (mut contrast, mut busyness, mut complexity, mut strength) = (0.0, 0.0, 0.0, 0.0);
    for (index, &[i, p_i, s_i]) in levels.iter().enumerate() {
        for &[j, p_j, s_j] in &levels[index + 1..] {
            // Levels ascend.
            let difference = j - i;
            contrast += p_i * p_j * difference * difference;
            busyness += (i * p_i - j * p_j).abs();
            complexity += difference * (p_i * s_i + p_j * s_j) / (p_i + p_j);
            strength += (p_i + p_j) * difference * difference;
        }
    }
    // Each pair counts both ways.
    let n = levels.len() as f64;
    let pairs = if levels.len() > 1 { n * (n - 1.0) } else { 1.0 };
    let ratio = |above: f64, below: f64| if below == 0.0 { 0.0 } else { above / below };
    Some(vec![
        if weighted == 0.0 { UNIFORM_COARSENESS } else { 1.0 / weighted },
        2.0 * contrast / pairs * sum / total,
        ratio(weighted, 2.0 * busyness),
        2.0 * complexity / total,
        ratio(2.0 * strength, sum),
    ])
}
